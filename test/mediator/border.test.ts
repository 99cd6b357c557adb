import { describe, expect, test } from 'vitest';
import { settle } from '../fakes/clock.ts';
import { openHome } from './set-up.ts';

describe('values', () => {
  test.each([
    ['pump.state', 'on', 'true'],
    ['pump.state', 'OFF', 'false'],
    ['pump.state', ' True ', 'true'],
    ['pump.state', '0', 'false'],
    ['pump.state', 'open', 'true'],
    ['pump.state', 'closed', 'false'],
    ['lamp.level', '50', '50'],
    ['lamp.level', '12.5 %', '12.5'],
    ['heater.mode', 'ECO', '"eco"'],
    ['oled.text', 'hello', '"hello"'],
    ['oled.text', '', '""'],
    ['oled.text', '42', '"42"'],
    ['oled.raw', '{"a":[1,null]}', '{"a":[1,null]}'],
    ['gate.open', 'open', '"open"'],
  ])('%s takes %j', async (name, text, value) => {
    const home = await openHome();
    await home.set(name, text);
    expect(home.ends()).toEqual([`${name} done`]);
    expect(JSON.stringify(home.hardware.acts[0]?.value)).toBe(value);
  });

  test.each([
    ['pump.state', '', 'HB354', 'on or off is wanted, not nothing'],
    ['pump.state', 'toggle', 'HB354', 'on or off is wanted, not "toggle"'],
    ['pump.state', '2', 'HB354', 'on or off is wanted, not "2"'],
    ['lamp.level', 'bright', 'HB354', 'a number in % is wanted, not "bright"'],
    ['lamp.level', '5 °C', 'HB354', 'a number in % is wanted, not "5 °C"'],
    ['lamp.level', 'NaN', 'HB354', 'a number in % is wanted, not "NaN"'],
    ['lamp.level', '1e999', 'HB354', 'a number in % is wanted, not "1e999"'],
    ['lamp.level', '101', 'HB355', '"101" is outside 0 % to 100 %'],
    ['lamp.level', '-1', 'HB355', '"-1" is outside 0 % to 100 %'],
    ['heater.mode', 'warn', 'HB356', 'it knows off, eco, warm, not "warn"; did you mean warm?'],
    ['heater.mode', 'x'.repeat(500), 'HB356', /^it knows off, eco, warm, not "x{39}…"$/],
    ['oled.text', 'a\u0000b', 'HB354', /^a text without NUL/],
    ['oled.raw', '{', 'HB354', 'JSON is wanted, not "{"'],
    ['oled.raw', '{"__proto__":{"a":1}}', 'HB354', /^JSON of at most 16 levels/],
    ['oled.raw', '['.repeat(40) + ']'.repeat(40), 'HB354', /^JSON of at most 16 levels/],
    ['gate.open', 'ajar', 'HB356', 'it knows open, close, not "ajar"'],
    ['air.temperature', '20', 'HB358', 'air.temperature can be read only'],
    ['pmup.state', 'on', 'HB357', 'there is no point pmup.state; did you mean pump.state?'],
    ['lamp.leve', '5', 'HB357', 'there is no point lamp.leve; did you mean lamp.level?'],
  ])('%s refuses %j with %s', async (name, text, code, why) => {
    const home = await openHome();
    await home.set(name, text);
    expect(home.ends()).toEqual([`${name} rejected ${code}`]);
    expect(home.acks[0]?.why).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
    expect(home.acts()).toEqual([]);
  });
});

describe('$cmd', () => {
  const send = async (text: string) => {
    const home = await openHome();
    home.bus.publish({ topic: 'hanbus/kitchen/pump/state/$cmd', payload: text, origin: 'mqtt:c1' });
    await settle(60);
    return home;
  };

  test.each([
    ['', 'HB353', 'it is not JSON: '],
    ['on', 'HB353', 'it is not JSON: on'],
    ['"on"', 'HB353', 'it is not a JSON object such as {"v":"on"}'],
    ['[]', 'HB353', 'it is not a JSON object such as {"v":"on"}'],
    ['null', 'HB353', 'it is not a JSON object such as {"v":"on"}'],
    ['{}', 'HB353', 'there is no member "v", the value'],
    ['{"v":"on","tt":5}', 'HB353', 'there is no member "tt"'],
    ['{"v":"on","__proto__":{}}', 'HB353', 'there is no member "__proto__"'],
    ['{"v":"on","constructor":1}', 'HB353', 'there is no member "constructor"'],
    ['{"v":"on","id":7}', 'HB353', '"id" is a text of 1 to 64 characters'],
    ['{"v":"on","id":""}', 'HB353', '"id" is a text of 1 to 64 characters'],
    [`{"v":"on","id":"${'i'.repeat(65)}"}`, 'HB353', '"id" is a text of 1 to 64 characters'],
    ['{"v":"on","by":"a\\nb"}', 'HB353', '"by" is a text of 1 to 64 characters'],
    ['{"v":"on","by":"guard:restore"}', 'HB353', '"by" begins with guard: only when a guard acts'],
    ['{"v":"on","mode":"twice"}', 'HB353', '"mode" is set or once, not "twice"'],
    ['{"v":"on","ttl":0}', 'HB361', '"ttl" is outside 1ms to 1h'],
    ['{"v":"on","ttl":"2h"}', 'HB361', '"ttl" is outside 1ms to 1h'],
    ['{"v":"on","ttl":"soon"}', 'HB361', '"ttl" is a time in ms or with a unit, such as "5s"'],
    ['{"v":"on","for":-1}', 'HB361', '"for" is outside 1ms to 31d'],
    ['{"v":"on","at":"now"}', 'HB361', '"at" is ms since 1970'],
    ['{"v":{}}', 'HB354', 'on or off is wanted, not {}'],
    [`{"v":"${'x'.repeat(17_000)}"}`, 'HB353', 'it is longer than 16384 characters'],
    [`{"v":${'['.repeat(8_000)}${']'.repeat(8_000)}}`, 'HB353', 'it is nested deeper than 32 levels'],
  ])('%j is refused with %s', async (text, code, why) => {
    const home = await send(text);
    expect(home.acks).toMatchObject([{ st: 'rejected', code, why }]);
    expect(home.acts()).toEqual([]);
  });

  test.each(['{"v":true}', '{"v":1}', '{"v":"on","ttl":"5s","by":"rule:x","mode":"once","id":"7"}'])(
    '%j is taken',
    async (text) => {
      expect((await send(text)).acts()).toEqual(['pump.state=on']);
    },
  );
});

describe('age', () => {
  test('`at` counts: what lay in a queue is refused', async () => {
    const home = await openHome();
    const now = home.clock.now();
    await home.cmd('pump.state', { v: 'on', at: now - 31_000 });
    await home.cmd('pump.state', { v: 'on', at: now - 29_000 });
    await home.cmd('gate.open', { v: 'open', at: now - 6_000 });
    expect(home.ends()).toEqual(['pump.state expired HB351', 'pump.state done', 'gate.open expired HB351']);
    expect(home.acks[0]?.why).toBe('it was given 31s ago and was good for 30s');
  });

  test('`at` of a clock that is ahead tells no age: a once command with it is refused', async () => {
    const home = await openHome();
    const now = home.clock.now();
    await home.cmd('gate.open', { v: 'open', at: now + 3_600_000, mode: 'once' });
    await home.cmd('gate.open', { v: 'open', at: now + 4_000 });
    await home.cmd('pump.state', { v: 'on', at: now + 3_600_000 });
    expect(home.ends()).toEqual(['gate.open expired HB351', 'gate.open done', 'pump.state done']);
    expect(home.acks[0]?.why).toMatch(/^it was given in 1h: the clock of who gave it is wrong/);
  });

  test('a node whose clock is not set cannot tell: a once command with `at` is refused, a set counts from its arrival', async () => {
    const home = await openHome({ isTimeTrusted: () => false });
    await home.cmd('gate.open', { v: 'open', at: 5 });
    await home.cmd('pump.state', { v: 'on', at: 5 });
    expect(home.ends()).toEqual(['gate.open expired HB351', 'pump.state done']);
  });

  test('the message expiry of MQTT 5 is a deadline', async () => {
    const home = await openHome();
    await home.health('pump', 'init');
    await home.cmd('pump.state', { v: 'on' }, { props: { expiresAt: home.clock.now() + 2_000 } });
    await home.cmd('pump.state', { v: 'on' }, { props: { expiresAt: home.clock.now() } });
    await home.clock.advance(2_100);
    expect(home.ends()).toEqual(['pump.state expired HB351', 'pump.state expired HB351']);
  });

  test('clock jumps do not move a deadline', async () => {
    const home = await openHome();
    await home.health('pump', 'init');
    await home.cmd('pump.state', { v: 'on', ttl: '10s', id: 'a' });
    home.clock.jump(86_400_000);
    await home.clock.advance(9_000);
    expect(home.ends()).toEqual([]);
    await home.health('pump', 'ready');
    expect(home.ends()).toEqual(['pump.state done']);
  });
});

describe('retained', () => {
  test('a retained command is refused and removed; clearing it is no command', async () => {
    const home = await openHome();
    await home.cmd('gate.open', { v: 'open', id: 'r' }, { retain: true });
    expect(home.ends()).toEqual(['gate.open rejected HB350']);
    expect(home.bus.retainedAt('hanbus/kitchen/gate/open/$cmd')).toBeUndefined();
    expect(home.lines.filter(({ fields }) => fields.code === 'HB350')).toHaveLength(1);
    await home.set('gate.open', '');
    expect(home.acts()).toEqual([]);
  });

  test('one that lay there before the start is removed', async () => {
    const first = await openHome();
    await first.mediator.stop();
    first.bus.publish({ topic: 'hanbus/kitchen/pump/state/set', payload: 'on', retain: true, origin: 'x' });
    const next = await first.killed({ bus: first.bus });
    expect(next.bus.retainedAt('hanbus/kitchen/pump/state/set')).toBeUndefined();
    expect(next.acts()).toEqual([]);
  });
});

describe('again', () => {
  const packet = (dup: boolean) => ({ packet: { id: 7, dup }, plain: true });

  test('a packet that is sent again is the same command', async () => {
    const home = await openHome();
    await home.cmd('gate.open', { v: 'open' }, packet(false));
    await home.cmd('gate.open', { v: 'open' }, packet(true));
    expect(home.acts()).toEqual(['gate.open=open']);
    expect(home.ends()).toEqual(['gate.open done', 'gate.open done HB352']);
  });

  test('also after a restart', async () => {
    const home = await openHome();
    await home.cmd('gate.open', { v: 'open' }, packet(false));
    const next = await home.killed();
    await next.cmd('gate.open', { v: 'open' }, packet(true));
    expect([next.acts(), next.ends()]).toEqual([['gate.open=open'], ['gate.open done HB352']]);
  });

  test('the same number for a new packet is a new command', async () => {
    const home = await openHome();
    await home.cmd('pump.state', { v: 'on' }, packet(false));
    await home.cmd('pump.state', { v: 'on' }, packet(false));
    await home.cmd('pump.state', { v: 'off' }, packet(true));
    expect(home.acts()).toEqual(['pump.state=on', 'pump.state=on', 'pump.state=off']);
  });

  test('one that was never seen before acts only where it does no harm', async () => {
    const home = await openHome();
    await home.cmd('gate.open', { v: 'open' }, packet(true));
    await home.cmd('lamp.state', { v: 'on' }, { packet: { id: 8, dup: true }, plain: true });
    expect(home.ends()).toEqual(['gate.open expired HB351', 'lamp.state done']);
  });
});

test('long texts are told apart, and not kept whole', async () => {
  const home = await openHome();
  const long = 'x'.repeat(8_000);
  await home.cmd('oled.text', { id: 't', v: `${long}1` });
  await home.cmd('oled.text', { id: 't', v: `${long}2` });
  await home.cmd('oled.text', { id: 't', v: `${long}1` });
  expect(home.ends()).toEqual(['oled.text done', 'oled.text rejected HB352', 'oled.text done HB352']);
  expect(JSON.stringify(await home.ask('commands')).length).toBeLessThan(1_000);
});

describe('too many', () => {
  test('one sender, all points: 50 a second after the first hundred', async () => {
    const home = await openHome();
    for (let count = 0; count < 120; count += 1) await home.set(count % 2 === 0 ? 'lamp.level' : 'lamp.state', '1');
    expect(home.ends().filter((end) => end.endsWith('HB360'))).toHaveLength(20);
    await home.set('lamp.state', 'on', 'mqtt:c2');
    expect(home.ends().at(-1)).toBe('lamp.state done');
    await home.clock.advance(1_000);
    await home.set('lamp.state', 'on');
    expect(home.ends().at(-1)).toBe('lamp.state done');
  });

  test('points that are not there count too', async () => {
    const home = await openHome();
    for (let count = 0; count < 120; count += 1) await home.set(`lamp.x${count}`, '1');
    expect(home.ends().filter((end) => end.endsWith('HB357'))).toHaveLength(100);
    expect(home.ends().filter((end) => end.endsWith('HB360'))).toHaveLength(20);
  });

  test('who comes by another way is not many because he says so', async () => {
    const home = await openHome();
    for (let count = 0; count < 3_000; count += 1) {
      await home.cmd('lamp.level', { v: 1, by: `u${count}` }, { origin: 'engine' });
    }
    expect(home.ends().filter((end) => end.endsWith('HB360'))).toHaveLength(2_500);
  });

  test('a rate in the scheme is the one that holds', async () => {
    const home = await openHome({ guards: { 'lamp.level': { rate: 1_000 } } });
    for (let count = 0; count < 300; count += 1) await home.set('lamp.level', '1');
    expect(home.ends().filter((end) => end.endsWith('HB360'))).toEqual([]);
  });

  test('a point whose commands act just once: one a second', async () => {
    const home = await openHome();
    for (const value of ['open', 'close']) await home.set('gate.open', value);
    await home.clock.advance(1_000);
    await home.set('gate.open', 'close');
    expect(home.ends()).toEqual(['gate.open done', 'gate.open rejected HB360', 'gate.open done']);
  });

  test('no more than 64 wait for a device', async () => {
    const home = await openHome();
    await home.health('lamp', 'init');
    for (let count = 0; count < 66; count += 1) {
      await home.cmd('lamp.level', { v: count, mode: 'once' }, { origin: `mqtt:c${count}` });
    }
    expect(home.ends()).toEqual(['lamp.level rejected HB360', 'lamp.level rejected HB360']);
  });
});
