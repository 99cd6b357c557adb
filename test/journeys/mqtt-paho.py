# Eclipse paho for Python, an MQTT client that shares no code with hanbus, MQTT.js or Mosquitto.
# mqtt-paho.test.ts starts it:  mqtt-paho.py <port> <4 or 5>  It prints what happened, as one line of JSON.
import json
import socket
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

PORT = int(sys.argv[1])
VERSION = int(sys.argv[2])
IS_FIVE = VERSION == mqtt.MQTTv5
PATIENCE_S = 20


class Caller:
    """One client with its own thread; `heard` grows while it runs."""

    def __init__(self, name, lasts=False, will=None):
        self.heard = []
        self.granted = []
        self.has_session = None
        self._changed = threading.Condition()
        self._lasts = lasts
        clean = {} if IS_FIVE else {"clean_session": not lasts}
        self.client = mqtt.Client(f"paho{VERSION}-{name}", protocol=VERSION, **clean)
        self.client.on_connect = self._on_connect
        self.client.on_message = self._on_message
        self.client.on_subscribe = self._on_subscribe
        self.client.on_unsubscribe = self._on_unsubscribe
        self.unsubscribed = 0
        if will is not None:
            self.client.will_set(**will)
        self._connect()

    def _connect(self):
        more = {}
        if IS_FIVE:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 600 if self._lasts else 0
            more = {"clean_start": not self._lasts, "properties": properties}
        self.client.connect("127.0.0.1", PORT, keepalive=60, **more)
        self.client.loop_start()
        self.wait(lambda: self.has_session is not None)

    def _note(self, change):
        with self._changed:
            change()
            self._changed.notify_all()

    def _on_connect(self, _client, _userdata, flags, code, _properties=None):
        if code != 0:
            raise SystemExit(f"refused: {code}")
        self._note(lambda: setattr(self, "has_session", bool(flags["session present"])))

    def _on_message(self, _client, _userdata, message):
        self._note(lambda: self.heard.append(message))

    def _on_subscribe(self, _client, _userdata, _mid, codes, _properties=None):
        self._note(lambda: self.granted.extend(int(getattr(code, "value", code)) for code in codes))

    def _on_unsubscribe(self, *_args):
        self._note(lambda: setattr(self, "unsubscribed", self.unsubscribed + 1))

    def wait(self, is_done):
        with self._changed:
            if not self._changed.wait_for(is_done, PATIENCE_S):
                raise SystemExit(f"waited in vain; heard {[(m.topic, m.payload.decode()) for m in self.heard]}")

    def wait_for(self, count):
        self.wait(lambda: len(self.heard) >= count)

    def subscribe(self, topic, qos):
        before = len(self.granted)
        self.client.subscribe(topic, qos)
        self.wait(lambda: len(self.granted) > before)
        return self.granted[-1]

    def publish(self, topic, payload, qos, retain=False, properties=None):
        more = {"properties": properties} if IS_FIVE else {}
        self.client.publish(topic, payload, qos=qos, retain=retain, **more).wait_for_publish(PATIENCE_S)

    def leave(self):
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self):
        self.client.loop_stop()
        self.client.socket().shutdown(socket.SHUT_RDWR)
        self.client.socket().close()


def told(messages):
    return [[m.topic, m.payload.decode(), m.qos, int(m.retain)] for m in messages]


def every_qos():
    sender, listener = Caller("sender"), Caller("listener")
    granted = [listener.subscribe(f"paho{VERSION}/qos/{qos}", qos) for qos in (0, 1, 2)]
    for granted_qos in (0, 1, 2):
        for qos in (0, 1, 2):
            sender.publish(f"paho{VERSION}/qos/{granted_qos}", f"sent{qos}", qos)
    listener.wait_for(9)
    sender.leave()
    listener.leave()
    return {"granted": granted, "heard": [[m.payload.decode(), m.qos] for m in listener.heard]}


def in_order(qos):
    sender, listener = Caller("sender"), Caller("listener")
    listener.subscribe(f"paho{VERSION}/order", 2)
    for number in range(300):
        last = sender.client.publish(f"paho{VERSION}/order", str(number), qos=qos)
    last.wait_for_publish(PATIENCE_S)
    listener.wait_for(300)
    sender.leave()
    listener.leave()
    return [m.payload.decode() for m in listener.heard] == [str(number) for number in range(300)]


def retained():
    sender = Caller("sender")
    topic = f"paho{VERSION}/kept"
    sender.publish(topic, "kept", 1, retain=True)
    first = Caller("first")
    first.subscribe(topic, 1)
    first.wait_for(1)
    sender.publish(topic, "", 1, retain=True)
    first.wait_for(2)
    second = Caller("second")
    second.subscribe(topic, 1)
    sender.publish(topic, "end", 1)
    second.wait_for(1)
    for caller in (sender, first, second):
        caller.leave()
    return [told(first.heard[:2]), told(second.heard)]


def will():
    topic = f"paho{VERSION}/will"
    watcher = Caller("watcher")
    watcher.subscribe(topic, 2)
    said = {"topic": topic, "payload": "gone", "qos": 2, "retain": False}
    Caller("leaving", will={**said, "payload": "not said"}).leave()
    Caller("dying", will=said).vanish()
    watcher.wait_for(1)
    watcher.leave()
    return told(watcher.heard)


def session():
    topic = f"paho{VERSION}/session"
    first = Caller("lasting", lasts=True)
    first.subscribe(topic, 2)
    first.leave()
    sender = Caller("sender")
    for name, qos in (("a", 0), ("b", 1), ("c", 2), ("d", 1)):
        sender.publish(topic, f"waited {name}", qos)
    second = Caller("lasting", lasts=True)
    second.wait_for(3)
    second.client.unsubscribe(topic)
    second.wait(lambda: second.unsubscribed == 1)
    sender.publish(topic, "late", 1)
    second.subscribe(f"{topic}/end", 1)
    sender.publish(f"{topic}/end", "end", 1)
    second.wait_for(4)
    sender.leave()
    second.leave()
    # MQTT orders messages of one QoS; paho hands out QoS 2 when PUBREL has come.
    waited = sorted(second.heard[:3], key=lambda message: message.payload)
    return {"present": [first.has_session, second.has_session], "heard": told(waited + second.heard[3:])}


def of_five():
    topic = f"paho{VERSION}/five"
    sender, listener = Caller("sender"), Caller("listener")
    listener.client.subscribe(topic, options=SubscribeOptions(qos=1, noLocal=True, retainAsPublished=True))
    listener.wait(lambda: len(listener.granted) == 1)
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = [("a", "1"), ("b", "2"), ("a", "3")]
    properties.ContentType = "text/plain"
    properties.ResponseTopic = "answers"
    properties.CorrelationData = b"\x00\xff"
    properties.PayloadFormatIndicator = 1
    listener.publish(topic, "mine", 1)
    sender.publish(topic, "x", 1, retain=True, properties=properties)
    listener.wait_for(1)
    sender.publish(topic, "", 1, retain=True)
    got = listener.heard[0]
    sender.leave()
    listener.leave()
    found = got.properties
    return {
        "message": told([got]),
        "user": found.UserProperty,
        "rest": [found.ContentType, found.ResponseTopic, found.CorrelationData.hex(), found.PayloadFormatIndicator],
    }


report = {
    "everyQos": every_qos(),
    "inOrder": [in_order(qos) for qos in (0, 1, 2)],
    "retained": retained(),
    "will": will(),
    "session": session(),
}
if IS_FIVE:
    report["five"] = of_five()
print(json.dumps(report))
