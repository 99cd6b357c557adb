import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CheckJson } from '../../src/schemes/contracts.ts';
import { expectGolden } from './golden.ts';
import { hanbus } from './world.ts';

const DEVICES = `node: greenhouse
devices:
  soil:
    kind: ads1115
    at: sim
    points: {a0: {name: moisture, unit: "%", scale: {2.6V: 0, 1.2V: 100}}}
  pump: {kind: relay, at: gpio17}
rules:
`;
const WATER = `  water:
    when: soil.moisture < 30 for 10min
    if: time in 06:00..20:00
    then: {pump: on for 20s}
    cooldown: 2h
    tests:
      - {given: {soil.moisture: 20 for 11min, time: "12:00"}, expect: {pump: on for 20s}}
      - {given: {soil.moisture: 20 for 11min, time: "22:00"}, expect: {}}
`;
const WRONG = `      - {given: {soil.moisture: 20 for 5min, time: "12:00"}, expect: {pump: on}}
      - {given: {soil.moisture: 20 for 11min, time: "12:00"}, expect: {}}
`;
const WAITS = `  door:
    when: hall.door is open for 5min
    then: {pump: off}
    tests: [{given: {hall.door: on for 6min}, expect: {pump: off}}]
  blind:
    when: hall.window is open
    then: {pump: off}
    tests: [{given: {soil.moisture: 20}, expect: {}}]
`;

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp('/tmp/hanbus-tests-');
});

afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

async function check(text: string, ...flags: readonly string[]) {
  await writeFile(join(cwd, 'house.yaml'), text);
  return await hanbus(['check', 'house.yaml', '--test', ...flags], { cwd, env: { TZ: 'Europe/Amsterdam' } });
}

it('runs the tests of the rules in virtual time', async () => {
  const ran = await check(DEVICES + WATER);
  await expectGolden('check-test', ['check', 'house.yaml', '--test'], ran);
});

it('shows each failing test with its place, what was expected and what came; exit 1', async () => {
  const ran = await check(DEVICES + WATER + WRONG);
  expect(ran.code).toBe(1);
  await expectGolden('check-test-failed', ['check', 'house.yaml', '--test'], ran);
});

it('tests a rule about a neighbour with the values of the test, and says which tests cannot run', async () => {
  const ran = await check(DEVICES + WATER + WAITS);
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('3 tests passed');
  expect(ran.err).toContain('blind was not tested: the scheme does not tell of hall.window');
});

it('answers by contract', async () => {
  const ran = await check(DEVICES + WATER + WRONG, '--json');
  const answer: unknown = JSON.parse(ran.out);
  expect(Check(CheckJson, answer)).toBe(true);
  expect(answer).toMatchObject({
    ok: false,
    tests: [
      { rule: 'water', test: 1, ok: true },
      { rule: 'water', test: 2, ok: true },
      { rule: 'water', test: 3, ok: false, place: expect.stringMatching(/^house\.yaml:1\d:9$/) },
      { rule: 'water', test: 4, ok: false },
    ],
  });
});

it('runs no test of a scheme with errors, and says when there are none', async () => {
  const wrong = await check(`${DEVICES}${WATER}  bad: {when: soil.moistur < 3, then: {pump: on}}\n`);
  expect(wrong.code).toBe(78);
  expect(wrong.out + wrong.err).not.toContain('passed');
  expect((await check('node: kitchen\n')).err).toContain('There are no tests');
});
