import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { connect, makeTestBroker, publishPacket, turns } from '../broker/packet-client.ts';
import { type FakeClock, settle } from '../fakes/clock.ts';
import { type Home, type HomeOptions, NODE, openHome } from './set-up.ts';

/** What people told of commands that moved things when they should not. */
interface Case {
  /** The public thread. */
  readonly source: string;
  readonly about: string;
  readonly steps: readonly Step[];
  /** All that the hardware did: nothing, or what was really asked for. */
  readonly acts: readonly string[];
  /** What the mediator answered. */
  readonly ends: readonly string[];
}

interface Sent {
  readonly topic: string;
  /** `{now-1000}` is a time of the wall clock. */
  readonly payload: string;
  readonly retain?: boolean;
  readonly qos?: 0 | 1;
  readonly packet?: number;
  readonly dup?: boolean;
  /** Message expiry, s. */
  readonly expiry?: number;
}

type Step =
  | { readonly publish: Sent }
  /** A message of an earlier life, in the store of retained messages. */
  | { readonly stored: Sent }
  | { readonly restart: true }
  | { readonly wait: number }
  | { readonly health: readonly [device: string, state: string] }
  | { readonly mood: 'hangs' | 'well' };

const ROOT = 'test/cases/commands';
const CASES = readdirSync(ROOT)
  .sort()
  .map((name): [string, Case] => [name, JSON.parse(readFileSync(`${ROOT}/${name}`, 'utf8'))]);

/** A way for messages to the bus. */
type Way = (sent: Sent, bus: Bus, clock: FakeClock) => Promise<void>;

async function play(
  { steps }: Case,
  send: Way,
  options: HomeOptions = {},
): Promise<{ acts: string[]; ends: string[] }> {
  let home: Home = await openHome(options);
  const ends: string[] = [];
  const { clock, bus, hardware } = home;
  for (const step of steps) {
    if ('publish' in step) await send(step.publish, bus, clock);
    else if ('wait' in step) await clock.advance(step.wait);
    else if ('health' in step) await home.health(...step.health);
    else if ('stored' in step) bus.restore({ ...messageOf(step.stored, clock), retain: true });
    else if ('mood' in step) {
      hardware.onWrite = () => (step.mood === 'hangs' ? new Promise(() => undefined) : undefined);
    } else {
      ends.push(...home.ends());
      home.acks.length = 0;
      const before = home.mediator;
      home = await home.killed({ bus });
      // On one bus the dead one must not answer.
      void before.stop();
      home.acks.length = 0;
    }
  }
  ends.push(...home.ends());
  return { acts: home.acts(), ends };
}

function messageOf({ topic, payload, retain = false, qos = 0, packet, dup = false, expiry }: Sent, clock: FakeClock) {
  return {
    topic: `hanbus/${NODE}/${topic}`,
    payload: payload.replace(/\{now-(\d+)\}/, (_, ms: string) => String(clock.now() - Number(ms))),
    ...{ retain, qos, origin: 'mqtt:c1' },
    ...(packet !== undefined && { packet: { id: packet, dup } }),
    ...(expiry !== undefined && { props: { expiresAt: clock.now() + expiry * 1_000 } }),
  };
}

const onBus: Way = async (sent, bus, clock) => {
  bus.put(messageOf(sent, clock));
  await settle(60);
  await clock.advance(1);
};

describe.each(CASES)('%s', (_name, one) => {
  test(one.about, async () => {
    expect(one.source).toMatch(/^https:\/\/github\.com\//);
    const { acts, ends } = await play(one, onBus);
    expect(acts).toEqual(one.acts);
    expect(ends).toEqual(one.ends);
  });

  test('by a client of the broker', async () => {
    const world = makeTestBroker({}, NODE);
    const { client } = await connect(world, 5, { clean: false, properties: { sessionExpiryInterval: 100 } });
    let last = 100;
    const byClient: Way = async (sent, _bus, clock) => {
      const { topic, payload, retain, qos } = messageOf(sent, clock);
      last += 1;
      const { packet = last, dup = false, expiry } = sent;
      const properties = expiry === undefined ? {} : { messageExpiryInterval: expiry };
      const id = qos === 0 ? {} : { messageId: packet };
      client.send(publishPacket(topic, payload, { qos, retain, dup, properties, ...id }));
      await turns();
      await settle(60);
      await clock.advance(1);
    };
    const { acts } = await play(one, byClient, { bus: world.bus, clock: world.clock });
    expect(acts).toEqual(one.acts);
  });
});

test('the corpus is there, each case from another thread', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(20);
  expect(new Set(CASES.map(([, { source }]) => source)).size).toBe(CASES.length);
});
