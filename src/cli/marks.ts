import type { DeviceAnswer, PointAnswer, StatusAnswer } from '../schemes/contracts.ts';
import type { Screen, Tint } from './screen.ts';

type Mark = readonly [symbol: string, tint: Tint];

const DEVICE: Readonly<Record<DeviceAnswer['state'], Mark>> = {
  failing: ['▲', 'yellow'],
  init: ['○', 'dim'],
  lost: ['◌', 'yellow'],
  quarantined: ['✗', 'red'],
  ready: ['●', 'green'],
  stopped: ['○', 'dim'],
};

const NODE: Readonly<Record<StatusAnswer['nodes'][number]['state'], Mark>> = {
  disconnected: ['○', 'dim'],
  init: ['○', 'dim'],
  lost: ['◌', 'yellow'],
  ready: ['●', 'green'],
  sleeping: ['○', 'dim'],
};

const SEVERITY = { error: ['✗', 'red'], note: ['·', 'dim'], warning: ['▲', 'yellow'] } as const;

/** Shape and word always go together; colour is only an extra. */
export function deviceMark(state: DeviceAnswer['state'], screen: Screen): string {
  return marked(DEVICE[state], screen);
}

export function nodeMark(state: StatusAnswer['nodes'][number]['state'], screen: Screen): string {
  return `${marked(NODE[state], screen)} ${state}`;
}

export function severityMark(severity: 'error' | 'note' | 'warning', screen: Screen): string {
  return marked(SEVERITY[severity], screen);
}

function marked([symbol, tint]: Mark, screen: Screen): string {
  return screen.tint(tint, symbol);
}

/** Nothing for a good reading, else the quality and why. */
export function qualityText({ quality, why }: Pick<PointAnswer, 'quality' | 'why'>): string {
  if (quality === 'good') return '';
  const word = quality === 'none' ? 'no reading yet' : quality;
  return why === undefined ? word : `${word}: ${why}`;
}
