import { describe, expect, it } from 'vitest';
import { type EngineWay, Outgoing } from '../../src/bridge/engine-outgoing.ts';
import { purposeOf } from '../../src/bridge/engine-topics.ts';
import { Patience } from '../../src/bridge/patience.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

/** An engine that acknowledges when told, and whose socket is as full as told. */
function makeEngine() {
  const sent: string[] = [];
  const open: (() => void)[] = [];
  const stream = { writableLength: 0 };
  const way: EngineWay = {
    stream,
    publish(topic, payload, _options, done) {
      sent.push(`${topic} ${payload.toString()}`);
      open.push(done);
    },
  };
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  });
  const outgoing = new Outgoing({ bus, clock: makeFakeClock(), log, way, hasProperties: true });
  const say = (topic: string, payload: string, retain: boolean) => {
    const message = { topic, payload, retain, qos: 1 as const, origin: 'x' };
    bus.put(message);
    outgoing.send(message);
  };
  return { bus, outgoing, sent, open, stream, lines, say };
}

describe('an engine that never acknowledges', () => {
  it('is sent a bounded number of messages, and the newest values when it comes to itself', () => {
    const { say, sent, open, lines } = makeEngine();
    for (let count = 0; count < 5_000; count += 1) say('hanbus/n/d/p', String(count), true);
    say('hanbus/n/d/event', 'pressed', false);
    expect(sent).toHaveLength(1_000);
    expect(lines.filter(({ fields }) => fields.code === 'HB187')).toHaveLength(1);
    for (const done of open.splice(0)) done();
    expect(sent.slice(1_000)).toEqual(['hanbus/n/d/p 4999']);
  });
});

describe('an engine that takes the first values slowly', () => {
  it('gets each of them once', () => {
    const { bus, outgoing, sent, open, stream } = makeEngine();
    const topics = Array.from({ length: 3_500 }, (_, index) => `hanbus/n/d/p${index}`);
    for (const topic of topics) bus.publish({ topic, payload: 'x', retain: true, origin: 'x' });
    outgoing.sendRetained(topics);
    expect(sent).toHaveLength(1_000);
    stream.writableLength = 2_000_000;
    outgoing.catchUp();
    for (const done of open.splice(0)) done();
    expect(sent).toHaveLength(1_000);
    stream.writableLength = 0;
    outgoing.catchUp();
    while (open.length > 0) open.shift()?.();
    expect(sent).toEqual(topics.map((topic) => `${topic} x`));
  });

  it('may acknowledge at once without end to the stack', () => {
    const { bus, outgoing, sent, open } = makeEngine();
    open.push = (done) => {
      done();
      return 0;
    };
    const topics = Array.from({ length: 20_000 }, (_, index) => `hanbus/n/d/p${index}`);
    for (const topic of topics) bus.publish({ topic, payload: 'x', retain: true, origin: 'x' });
    outgoing.sendRetained(topics);
    expect(sent).toHaveLength(20_000);
  });

  it('has deleted what was deleted meanwhile', () => {
    const { bus, outgoing, sent, stream } = makeEngine();
    bus.publish({ topic: 'hanbus/n/d/p', payload: 'x', retain: true, origin: 'x' });
    stream.writableLength = 2_000_000;
    outgoing.sendRetained(['hanbus/n/d/p']);
    bus.publish({ topic: 'hanbus/n/d/p', payload: '', retain: true, origin: 'x' });
    stream.writableLength = 0;
    outgoing.catchUp();
    expect(sent).toEqual(['hanbus/n/d/p ']);
    outgoing.end();
    outgoing.sendRetained(['hanbus/n/d/p']);
    expect(sent).toHaveLength(1);
  });
});

describe('an engine that comes and goes', () => {
  it('is tried less and less often, until it has held for 10 s', async () => {
    const clock = makeFakeClock();
    const patience = new Patience(clock, () => 1);
    const waits: number[] = [];
    for (let flap = 0; flap < 7; flap += 1) {
      patience.connected();
      await clock.advance(50);
      waits.push(patience.failed());
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    patience.connected();
    await clock.advance(10_000);
    expect([patience.failed(), patience.failed()]).toEqual([1_000, 2_000]);
  });
});

describe('a topic without end', () => {
  it('is nobody’s', () => {
    expect(purposeOf(`hanbus/other${'/a'.repeat(9)}`, 'n')).toBe('none');
    expect(purposeOf('hanbus/other/d/p/$publish', 'n')).toBe('foreign');
  });
});
