import type { CodeFacts } from './code-facts.ts';

/** The broker and the engine. */
export const BROKER_CODES: readonly CodeFacts[] = [
  {
    code: 'HB180',
    title: 'An MQTT client was refused or broke the protocol',
    why: 'The client sent something that MQTT does not allow, or went over a limit. It was disconnected; the others go on.',
    fix: 'Look at the reason in the log and at the settings of that client.',
    example: 'hanbus logs --level warn',
  },
  {
    code: 'HB181',
    title: 'A retained command was refused',
    why: 'A retained message comes again at every restart, so a retained command would run again and again.',
    fix: 'Publish it without the retain flag, and clear the retained one.',
    example: "mosquitto_pub -t 'hanbus/kitchen/pump/state/set' -r -n",
  },
  {
    code: 'HB182',
    title: 'A reserved topic was refused',
    why: 'Topics that start with $ belong to the broker; clients can read them but not write.',
    fix: 'Publish on another topic.',
  },
  {
    code: 'HB183',
    title: 'Plain MQTT is open to this machine only',
    why: 'Without TLS and users, anybody in the network could read and switch everything.',
    fix: 'Leave the address out or use 127.0.0.1. For other machines use an external broker as the engine.',
    example: 'broker: {listen: 1883, engine: mqtt://192.168.1.20:1883}',
    exit: 78,
  },
  {
    code: 'HB184',
    title: 'A slow MQTT client was disconnected',
    why: 'It did not take its messages, and the queue kept for it was full. Other clients are never delayed by it.',
    fix: 'Let it subscribe to fewer topics, or mend its network. It can connect again at once.',
  },
  {
    code: 'HB185',
    title: 'The bus is full',
    why: 'Messages come faster than they can be handed on, so this one was refused. The sender was told.',
    fix: 'Let the sender send less often; `publish: {at_most: ...}` does it for devices of this node.',
    exit: 75,
  },
  {
    code: 'HB186',
    title: 'The broker failed on a packet',
    why: 'This is a bug of hanbus. The client was disconnected; the others go on.',
    fix: 'Report it with the lines of `hanbus logs`.',
    example: 'hanbus logs --level error',
  },
  {
    code: 'HB187',
    title: 'The engine does not keep up',
    why: 'The external broker or the network takes messages more slowly than this node makes them. Live messages are left out; the newest values follow.',
    fix: 'Publish less often, or mend the network.',
    example: 'publish: {every: 60s, on_change: 2%}',
  },
  {
    code: 'HB188',
    title: 'A client wrote a topic of the node',
    why: 'Readings, states and descriptions below hanbus/<node>/ are written by that node alone, so that nobody can forge them. The message was dropped.',
    fix: 'To command a point, publish to its topic with /set at the end. Publish own values outside hanbus/<node>/.',
    example: "mosquitto_pub -t 'hanbus/kitchen/lamp/power/set' -m on",
  },
  {
    code: 'HB189',
    title: 'The store of retained messages is full',
    why: 'Clients have retained so much that the memory of this node is in danger. A new retained message was refused; what the node itself retains goes on.',
    fix: 'Find who retains so much, and publish it without the retain flag.',
    example: "mosquitto_sub -v -W 3 --retained-only -t '#'",
  },
  {
    code: 'HB190',
    title: 'A connection was turned away before its login',
    why: 'It came too fast, waited too long without a login, failed its TLS handshake or was no WebSocket for MQTT. The log says which. Clients that are connected are not touched.',
    fix: 'Look at the reason and the address in the log. A client that connects again and again needs a longer pause between its attempts.',
    example: 'hanbus logs --level warn',
  },
  {
    code: 'HB191',
    title: 'The TLS certificate of this node cannot be used',
    why: 'A file is missing or cannot be read, the key is not that of the certificate, or the certificate has ended. Doors with TLS stay closed, or keep the certificate that they had.',
    fix: 'Put the right files under `broker: {tls: {cert, key}}`, or leave both out and the node makes its own.',
    example: 'broker: {tls: {cert: /etc/hanbus/cert.pem, key: /etc/hanbus/key.pem}}',
    exit: 78,
  },
];
