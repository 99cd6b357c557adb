import type { Malformed } from './malformed.ts';
import {
  type ConnectFields,
  connect,
  frame,
  PINGREQ,
  type Property,
  properties,
  publish,
  text,
  u16,
  type Version,
} from './wire.ts';

const GOOD: ConnectFields = { clientId: 'm', clean: true };
const BODY = Buffer.from('x');

/** What no client may send first. A server may close without a word, or say why in CONNACK. */
export function malformedConnects(version: Version): Malformed[] {
  const fields = Buffer.concat([u16(0), properties(version, [])]);
  const raw = (flags: number, ...rest: Buffer[]) =>
    frame(0x10, text(version === 3 ? 'MQIsdp' : 'MQTT'), Buffer.from([version, flags]), fields, ...rest);
  const will = (qos: number, topic: string | Uint8Array = 'w', list: readonly Property[] = []) =>
    connect(version, { ...GOOD, will: { topic, payload: BODY, qos, retain: false, properties: list } });
  const cases: (readonly [name: string, clause: string, bytes: Buffer, reasons: readonly number[]])[] = [
    ['PINGREQ', '3.1.0-1', PINGREQ, [0x82]],
    ['PUBLISH', '3.1.0-1', publish(version, { topic: 'm', payload: BODY, qos: 0 }), [0x82]],
    ['CONNECT with flags', '2.1.3-1', Buffer.concat([Buffer.from([0x11]), connect(version, GOOD).subarray(1)]), [0x81]],
    ['another protocol', '3.1.2-1', frame(0x10, text('HTTP'), Buffer.from([version, 2]), fields, text('m')), [0x84]],
    ['a protocol name that is cut off', '4.13', frame(0x10, u16(99), BODY), [0x81, 0x84]],
    ['version 6', '3.1.2-2', frame(0x10, text('MQTT'), Buffer.from([6, 2]), fields, text('m')), [0x84]],
    ['the reserved flag', '3.1.2-3', raw(3, text('m')), [0x81]],
    ['no client id', '4.13', raw(2), [0x81]],
    ['a client id that is cut off', '4.13', raw(2, u16(20), BODY), [0x81]],
    [
      'a client id that is not UTF-8',
      '1.5.4-1',
      connect(version, { ...GOOD, clientId: Buffer.from('ff', 'hex') }),
      [0x81, 0x85],
    ],
    ['a client id with NUL', '1.5.4-2', connect(version, { ...GOOD, clientId: 'a\0' }), [0x81, 0x85]],
    ['more than a CONNECT', '4.13', raw(2, text('m'), BODY), [0x81]],
    ['a will of QoS 3', '3.1.2-12', will(3), [0x81]],
    ['the QoS of no will', '3.1.2-11', raw(0x0a, text('m')), [0x81]],
    ['the retain flag of no will', '3.1.2-13', raw(0x22, text('m')), [0x81]],
    ['a will that is missing', '4.13', raw(6, text('m')), [0x81]],
    ['a will topic with NUL', '1.5.4-2', will(0, 'a\0'), [0x81]],
    ['a will topic that is not UTF-8', '1.5.4-1', will(0, Buffer.from('c328', 'hex')), [0x81]],
    ['a will topic with a wildcard', '4.7.0-1', will(0, 'a/#'), [0x81, 0x82, 0x90]],
    ['a user name that is missing', '3.1.2-17', raw(0x82, text('m')), [0x81]],
    [
      'a user name that is not UTF-8',
      '1.5.4-1',
      connect(version, { ...GOOD, username: Buffer.from('ff', 'hex') }),
      [0x81],
    ],
    ['a password that is missing', '3.1.2-19', raw(0xc2, text('m'), text('u')), [0x81]],
  ];
  if (version === 5) cases.push(...newConnects(will));
  return cases.map(([name, clause, bytes, reasons]) => ({ name, clause, bytes, reasons }));
}

type Case = readonly [name: string, clause: string, bytes: Buffer, reasons: readonly number[]];
type MakeWill = (qos: number, topic: string, list: readonly Property[]) => Buffer;

function newConnects(will: MakeWill): Case[] {
  const say = (...list: Property[]) => connect(5, { ...GOOD, properties: list });
  return [
    ['an unknown property', '2.2.2.2', say([0x04, 1]), [0x81]],
    ['a property of PUBLISH', '2.2.2.2', say([0x23, 1]), [0x81]],
    ['the session expiry twice', '3.1.2.11.2', say([0x11, 1], [0x11, 1]), [0x82]],
    ['the receive maximum twice', '3.1.2.11.3', say([0x21, 1], [0x21, 1]), [0x82]],
    ['receive maximum 0', '3.1.2.11.3', say([0x21, 0]), [0x82]],
    ['maximum packet size 0', '3.1.2.11.4', say([0x27, 0]), [0x82]],
    ['the maximum packet size twice', '3.1.2.11.4', say([0x27, 99], [0x27, 99]), [0x82]],
    ['the alias maximum twice', '3.1.2.11.5', say([0x22, 9], [0x22, 9]), [0x82]],
    ['request problem information 2', '3.1.2.11.7', say([0x17, 2]), [0x81, 0x82]],
    ['request response information 2', '3.1.2.11.6', say([0x19, 2]), [0x81, 0x82]],
    ['authentication data without a method', '3.1.2.11.10', say([0x16, BODY]), [0x82]],
    ['a method that nobody knows', '4.12.0-1', say([0x15, 'magic']), [0x8c]],
    ['a will with a property of CONNECT', '2.2.2.2', will(0, 'w', [[0x11, 1]]), [0x81]],
    [
      'a will delay twice',
      '3.1.3.2.2',
      will(0, 'w', [
        [0x18, 1],
        [0x18, 1],
      ]),
      [0x82],
    ],
  ];
}
