import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endAll, freePort, type Home, hanbusOnce, makeHome, type Running, run } from '../fakes/processes.ts';

const CHILD = fileURLToPath(new URL('scheme-edits-child.ts', import.meta.url));
const EDITS = 100;
const MESSAGE_RULES = 60;
const TIMED = 10;
const TICKS = 5;
const OFF_S = 20;
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What stays the same in every version: 96 rules and a device. */
function steadyPart(port: number): string[] {
  return [
    `broker: {listen: ${port}}`,
    'publish: {every: 1min}',
    'home: {mode: {values: [home, away, night], initial: home}}',
    'rules:',
    ...many(MESSAGE_RULES).map(
      (index) =>
        `  m${index}: {when: message "in/m${index}", then: {publish: {topic: out/m${index}, text: "{message}", qos: 1}}}`,
    ),
    ...many(TIMED).map(
      (index) =>
        `  held${index}: {when: steady.level > 50 for ${6 + index}s, then: {publish: {topic: out/held${index}, value: 1, qos: 1}}}`,
    ),
    ...many(TIMED).map(
      (index) =>
        `  waits${index}: {when: message "go/waits", then: [{publish: {topic: out/first${index}, value: 1, qos: 1}}, {wait: ${6 + index}s}, {publish: {topic: out/second${index}, value: 1, qos: 1}}]}`,
    ),
    ...many(TICKS).map(
      (index) => `  tick${index}: {when: every 1s, then: {publish: {topic: out/tick${index}, value: 1, qos: 1}}}`,
    ),
    `  off: {when: message "go/off", then: {steady.lamp: on for ${OFF_S}s}}`,
    ...many(10).map(
      (index) =>
        `  idle${index}: {when: steady.other > ${100 + index}, then: {steady.lamp: off}, else: {steady.lamp: on}}`,
    ),
  ];
}

/** Other rules and other devices than those that are watched; every third one has a guest. */
function changingPart(version: number): string[] {
  const guest = version % 3 === 0 ? [`  guest: {kind: probe, number: ${300 + version}}`] : [];
  return [
    `  version: {when: message "go/version", then: {publish: {topic: out/version, text: "${version}", qos: 1}}}`,
    ...many(version % 7).map(
      (index) => `  new${index}: {when: spare.level > ${version + index} for 2s, then: {home.mode: away}}`,
    ),
    'devices:',
    '  steady: {kind: probe, number: 1}',
    `  spare: {kind: probe, number: ${2 + (version % 5)}}`,
    ...guest,
    '',
  ];
}

const BROKEN: readonly ((good: string) => string)[] = [
  (good) => `${good}  torn: {kind: probe, number: [\n`,
  (good) => good.replace('rules:', 'rules:\n  wrong: {when: steady.level >, then: {steady.lamp: on}}'),
  (good) => good.replace('rules:', 'rules:\n  wrong: {when: steady.level > 20°C, then: {steady.lamp: maybe}}'),
  (good) => good.slice(0, good.length / 2),
  (good) => good.replace('  steady: {kind: probe, number: 1}', '  steady: {kind: prob}'),
  (good) => good.replace('publish:', 'publisch:'),
];

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly at: number;
}

let home: Home;
let node: Running;
let port: number;
let client: MqttClient;
let acts: string;
let goodText: (version: number) => string;
const heard: Heard[] = [];
/** Of the device that must not notice anything. */
const ownTopics: Heard[] = [];
let sent = 0;
let appliedByVerb = 0;
const started = { level: 0, waits: 0, off: 0, ticks: 0, end: 0 };

const timesOf = (topic: string) => heard.filter((one) => one.topic === topic).map(({ at }) => at);
const isApplied = () => node.text().split('the scheme was applied').length - 1;

async function say(topic: string, payload: string): Promise<number> {
  await client.publishAsync(topic, payload, { qos: 1 });
  return performance.now();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; !(await isSo()); await sleep(50))
    if (performance.now() > end) throw new Error(`it never came; the node said:\n${node.text().slice(-4_000)}`);
}

async function connect(): Promise<void> {
  client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  client.on('message', (topic, payload) => {
    const one = { topic, text: payload.toString(), at: performance.now() };
    (topic.startsWith('out/') ? heard : ownTopics).push(one);
  });
  await client.subscribeAsync(['out/#', 'hanbus/edits/steady/#'], { qos: 1 });
}

/** 200 messages a second until the returned function is called; that resolves when all were taken. */
function startLoad(): () => Promise<void> {
  const taken: Promise<unknown>[] = [];
  const timer = setInterval(() => {
    for (let one = 0; one < 2; one += 1) {
      taken.push(client.publishAsync(`in/m${sent % MESSAGE_RULES}`, String(sent), { qos: 1 }));
      sent += 1;
    }
  }, 10);
  return async () => {
    clearInterval(timer);
    await Promise.all(taken);
  };
}

async function edit(version: number): Promise<void> {
  const good = goodText(version);
  if (version % 10 === 5) {
    const mine = join(home.folder, 'mine.yaml');
    writeFileSync(mine, good);
    // A person and a program edit at once: one of them is told that the other was faster, and nothing is half.
    const { code } = await hanbusOnce(home, 'apply', mine, '--no-input', '--confirm', '30s');
    const kept = await hanbusOnce(home, 'apply', '--keep');
    if (code === 0 && kept.code === 0) appliedByVerb += 1;
    return;
  }
  const spoil = version % 2 === 1 ? BROKEN[(version >> 1) % BROKEN.length] : undefined;
  home.write(spoil === undefined ? good : spoil(good));
  await sleep(version % 10 >= 8 ? 450 : 100);
}

beforeAll(async () => {
  port = await freePort();
  goodText = (version) => [...steadyPart(port), ...changingPart(version)].join('\n');
  home = makeHome(goodText(1_000));
  acts = join(home.folder, 'acts.txt');
  writeFileSync(acts, '');
  node = run(process.execPath, [CHILD, home.folder, acts], home.env);
  await node.says(/ready/);
  await connect();
  await until(async () => ownTopics.some(({ topic }) => topic.endsWith('/level')));
  started.ticks = performance.now();
  started.level = await say('hanbus/edits/steady/level/set', '80');
  started.waits = await say('go/waits', '');
  started.off = await say('go/off', '');
  const stopLoad = startLoad();
  for (const version of many(EDITS)) await edit(version);
  home.write(goodText(2_000));
  await until(async () => {
    await say('go/version', '');
    return heard.findLast(({ topic }) => topic === 'out/version')?.text === '2000';
  });
  await sleep(Math.max(0, started.off + (OFF_S + 1) * 1_000 - performance.now()));
  await stopLoad();
  started.end = performance.now();
  await sleep(500);
}, 240_000);
afterAll(async () => {
  await client?.endAsync(true);
  endAll();
});

const actsOf = (...words: readonly string[]) =>
  readFileSync(acts, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(words.join(' ')));

describe('a scheme that is edited a hundred times under load', () => {
  it('really was edited, and broken ones were told and not run', () => {
    expect(isApplied()).toBeGreaterThan(15);
    expect(appliedByVerb).toBeGreaterThan(5);
    expect(node.text().split('the scheme has errors; the version before it runs on').length).toBeGreaterThan(3);
  });

  it('lets every message through once', () => {
    expect(sent).toBeGreaterThan(OFF_S * 150);
    const got = heard.filter(({ topic }) => topic.startsWith('out/m')).map(({ text }) => Number(text));
    const times = Map.groupBy(got, (number) => number);
    const missing = many(sent).filter((number) => !times.has(number));
    const doubled = [...times].filter(([, list]) => list.length > 1).map(([number]) => number);
    expect({ missing, doubled }).toEqual({ missing: [], doubled: [] });
  });

  it('keeps the deadline of every for and wait, and does each once', () => {
    const late = many(TIMED).flatMap((index) => {
      const [held, first, second] = [`out/held${index}`, `out/first${index}`, `out/second${index}`].map(timesOf);
      expect([held?.length, first?.length, second?.length]).toEqual([1, 1, 1]);
      const due = (6 + index) * 1_000;
      return [(held?.[0] ?? 0) - started.level - due, (second?.[0] ?? 0) - (first?.[0] ?? 0) - due];
    });
    process.stdout.write(`timers were off by ${Math.min(...late).toFixed(0)} to ${Math.max(...late).toFixed(0)} ms\n`);
    expect(Math.min(...late)).toBeGreaterThan(-250);
    expect(Math.max(...late)).toBeLessThan(5_000);
  });

  it('keeps the deadline of a switch that goes off by itself, and lets no output jump', () => {
    const lamp = actsOf('write 1 lamp').map((line) => line.split(' ').slice(3));
    expect(lamp.map(([value]) => value)).toEqual(['true', 'false']);
    const [on = 0, off = 0] = lamp.map(([, at]) => Number(at));
    process.stdout.write(`the lamp went off ${(off - on - OFF_S * 1_000).toFixed(0)} ms after its time\n`);
    expect(off - on).toBeGreaterThan(OFF_S * 1_000 - 250);
    expect(actsOf('write 1 level').map((line) => line.split(' ')[3])).toEqual(['80']);
    expect(actsOf('write 1 other')).toEqual([]);
  });

  it('never pauses a schedule, and fires none twice', () => {
    const seconds = (started.end - started.ticks) / 1_000;
    for (const index of many(TICKS)) {
      const times = timesOf(`out/tick${index}`);
      const gaps = times.slice(1).map((at, place) => at - (times[place] ?? 0));
      expect(times.length).toBeLessThan(seconds + 3);
      expect(times.length).toBeGreaterThan(seconds * 0.8 - 2);
      process.stdout.write(
        `tick${index}: ${times.length} in ${seconds.toFixed(1)} s, ${Math.min(...gaps).toFixed(0)} to ${Math.max(...gaps).toFixed(0)} ms apart\n`,
      );
    }
  });

  it('leaves the device alone that did not change, and opens the others anew', () => {
    expect(actsOf('open 1 ')).toHaveLength(1);
    expect(actsOf('close 1 ')).toHaveLength(0);
    expect(actsOf('open').length).toBeGreaterThan(5);
  });

  it('keeps what is retained', () => {
    // What the node says of a running `on for` ends with it.
    const gone = ownTopics.filter(({ topic, text }) => text === '' && !topic.endsWith('/$guard'));
    expect(gone).toEqual([]);
    expect(ownTopics.filter(({ topic }) => topic.endsWith('steady/$state')).map(({ text }) => text)).toEqual(['ready']);
    const last = (end: string) => ownTopics.findLast(({ topic }) => topic.endsWith(end))?.text;
    expect([last('steady/level'), last('steady/lamp')]).toEqual(['80', 'off']);
  });
});
