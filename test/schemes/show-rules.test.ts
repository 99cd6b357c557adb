import { expect, test } from 'vitest';
import { CATALOG } from '../../src/drivers/catalog.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { showRules } from '../../src/schemes/show-rules.ts';
import { textWorld } from './case-world.ts';

const display = (show: unknown) => ({ kind: 'ssd1306', options: { show }, points: {} });
const MINUTE = 'cron "* * * * *"';

async function check(text: string) {
  const loaded = await Promise.all(Object.values(CATALOG).map((load) => load()));
  const kinds = new Map(loaded.map(({ driver }) => [driver.kind, driver]));
  return await loadScheme({ ...textWorld(text), kinds });
}

test('a text with points is a rule that sets its line', () => {
  const { rules } = showRules({ oled: display(['{clock}', 'Kitchen', 'in {air.temperature:0.0} {air.humidity}']) });
  expect(rules).toEqual({
    show_oled_1: { when: ['start', MINUTE], then: { 'oled.line1': '{time}' }, about: 'shows oled.line1' },
    show_oled_3: {
      when: ['start', 'air.temperature changed', 'air.humidity changed', MINUTE],
      then: { 'oled.line3': 'in {air.temperature:0.0} {air.humidity}' },
      about: 'shows oled.line3',
    },
  });
});

test.each([undefined, 'text', [1, null, {}], []])('nothing to show: %j', (show) => {
  expect(showRules({ oled: display(show) }).rules).toEqual({});
});

test('the longest name of a device still makes a name', () => {
  const [name = ''] = Object.keys(showRules({ ['o'.repeat(32)]: display(['{clock}']) }).rules);
  expect(name).toMatch(/^[a-z][a-z0-9_]{0,31}$/);
});

test('they are in the book of the scheme, beside those that a person wrote', async () => {
  const text = 'devices: {air: bme280, oled: {kind: ssd1306, show: ["in {air.temperature}"]}}\nrules: {}\n';
  const { scheme, problems } = await check(text);
  expect(problems).toEqual([]);
  expect(Object.keys(scheme?.rules.rules ?? {})).toEqual(['show_oled_1']);
});

test('what is wrong is told once, at the text itself', async () => {
  const { problems } = await check('devices:\n  air: bme280\n  oled: {kind: ssd1306, show: ["in {air.temprature}"]}\n');
  expect(problems).toMatchObject([
    { code: 'HB301', message: 'no point "air.temprature"', place: { line: 3, column: 32 } },
  ]);
});
