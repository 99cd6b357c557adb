import type { Points } from '../../src/schemes/point.ts';
import type { HomePoints } from '../../src/schemes/rules/home-points.ts';
import { readRules } from '../../src/schemes/rules/read-rules.ts';
import { NO_RULES, type RulesText } from '../../src/schemes/rules/rules-text.ts';

const switched: Points = { state: { type: 'boolean', settable: true } };
const air = (unit: string): Points => ({
  temperature: { type: 'number', unit },
  humidity: { type: 'number', unit: '%', range: [0, 100] },
});

/** A kitchen with a neighbour in the garden; `fridge` is there but closed. */
export const KITCHEN: HomePoints = {
  node: 'kitchen',
  peers: ['attic', 'garden'],
  unknown: 'wait',
  devices: new Map<string, Points | undefined>([
    ['kitchen.air', air('°C')],
    ['kitchen.board', { load: { type: 'number' }, uptime: { type: 'number', unit: 's' } }],
    ['kitchen.button', { pressed: { type: 'event' } }],
    ['kitchen.cam', { photo: { type: 'text' } }],
    ['kitchen.chime', { tone: { type: 'number', unit: 'Hz', range: [100, 8_000], settable: true, once: true } }],
    ['kitchen.fan', { speed: { type: 'enum', values: ['off', 'low', 'high'], settable: true } }],
    ['kitchen.fridge', undefined],
    ['kitchen.lamp', switched],
    ['kitchen.oled', { line1: { type: 'text', settable: true }, line2: { type: 'text', settable: true } }],
    ['kitchen.pump', switched],
    ['kitchen.soil', { moisture: { type: 'number', unit: '%', decimals: 0 } }],
    ['kitchen.timer', { length: { type: 'number', unit: 's', settable: true } }],
    ['garden.air', air('°F')],
    ['garden.door', { state: { type: 'boolean', deviceClass: 'door' } }],
    ['garden.pump', switched],
  ]),
};

export const HOME_TEXT: RulesText = {
  ...NO_RULES,
  home: { mode: { values: ['home', 'away', 'night'], initial: 'home' }, count: { type: 'number', initial: 0 } },
  groups: { lights: ['lamp', 'pump'] },
  scenes: { evening: { lamp: 'on', 'fan.speed': 'low' } },
  services: ['mail'],
};

/** One rule read in the kitchen, with what was wrong. */
export function readOne(rule: Readonly<Record<string, unknown>>, home: HomePoints = KITCHEN) {
  const { book, problems } = readRules({ ...HOME_TEXT, rules: { it: rule } }, home);
  return { book, problems, rule: book.rules[0] };
}

export const readWhen = (when: unknown) => readOne({ when, then: {} });
export const readThen = (then: unknown, home: HomePoints = KITCHEN) => readOne({ when: 'start', then }, home);
