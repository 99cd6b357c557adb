import type { Verb } from '../../src/bus/requests.ts';
import { HanbusError } from '../../src/kit/errors.ts';
import type { HistoryAnswer } from '../../src/schemes/history-contracts.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 42, 7);
const HOUR = 3_600_000;

interface Asked {
  readonly point: string;
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

function facts({ point, from, to }: Asked) {
  return { hanbus: 'history/1' as const, node: 'kitchen', point: `kitchen.${point}`, from, to, now: NOW, cut: false };
}

/** A day that is warm at noon. */
function temperature(asked: Asked, raw?: number): HistoryAnswer {
  const { from, to, buckets } = asked;
  const at = (t: number) => Math.round(2_000 - 300 * Math.cos(((t % (24 * HOUR)) / (24 * HOUR)) * 2 * Math.PI)) / 100;
  const width = (to - from) / buckets;
  const rows = Array.from({ length: buckets }, (_, index) => {
    const t = Math.round(from + index * width);
    // Half an hour in which nobody knew.
    if (index === Math.floor(buckets / 3)) return { t, n: 0 };
    return { t, n: Math.round(width / 60_000), avg: at(t), min: at(t) - 0.2, max: at(t) + 0.2, last: at(t) };
  });
  const every = Math.min(raw ?? 0, 3);
  const rawRows = Array.from({ length: every }, (_, index) => ({
    t: to - (every - index) * 60_000,
    v: at(to),
    q: 'good',
  }));
  return {
    ...facts(asked),
    ...{ type: 'number', unit: '°C', count: 1_440, oldest: NOW - 160 * HOUR, newest: NOW - 7_000, buckets: rows },
    ...(raw === undefined ? {} : { raw: rawRows }),
  };
}

/** On for five minutes in each hour. */
function pump(asked: Asked): HistoryAnswer {
  const { from, to, buckets } = asked;
  const spans = [];
  for (let t = from; t < to; t += HOUR) {
    spans.push({ from: t, to: t + 3_300_000, v: false }, { from: t + 3_300_000, to: Math.min(to, t + HOUR), v: true });
  }
  const width = (to - from) / buckets;
  const rows = Array.from({ length: buckets }, (_, index) => {
    const t = Math.round(from + index * width);
    const avg = Math.floor((index * width) / HOUR) === Math.floor(((index + 1) * width) / HOUR) ? 0 : 0.5;
    return { t, n: 1, avg, min: 0, max: avg === 0 ? 0 : 1, last: avg !== 0 };
  });
  return { ...facts(asked), type: 'boolean', count: spans.length, oldest: from, newest: to, buckets: rows, spans };
}

function meter(asked: Asked): HistoryAnswer {
  const days = [18, 19, 20, 21, 22].map((day, index) => ({
    day: `2026-11-${day}`,
    increase: 4 + index / 2,
    last: 120 + index * 5,
  }));
  return { ...temperature(asked), unit: 'kWh', totals: { today: 6, month: 25, days } };
}

/** `history` as a node with a thermometer, a pump, a meter and a silent lamp answers it. */
export const answerHistory: Verb = async ({ point, since, until, buckets, raw, totals }) => {
  const to = typeof until === 'number' ? until : NOW;
  const from = typeof since === 'number' ? since : NOW - 24 * HOUR;
  const asked = { point: String(point), from, to, buckets: Number(buckets) };
  switch (point) {
    case 'fridge.temperature':
    case 'kitchen.fridge.temperature':
      return temperature(asked, typeof raw === 'number' ? raw : undefined);
    case 'pump':
      return pump({ ...asked, point: 'pump.state' });
    case 'kitchen.pump.state':
      return pump({ ...asked, point: 'pump.state' });
    case 'meter.energy':
      return totals === true ? meter(asked) : temperature(asked);
    case 'lamp':
      return { ...facts({ ...asked, point: 'lamp.state' }), type: 'boolean', count: 0, buckets: [] };
    case 'old.temperature':
      return {
        ...facts(asked),
        type: 'number',
        count: 0,
        oldest: NOW - 99 * HOUR,
        newest: NOW - 50 * HOUR,
        buckets: [],
      };
    default:
      throw new HanbusError('HB152', `there is no point "${String(point)}". Did you mean fridge.temperature?`, {
        fix: 'hanbus history fridge.temperature',
      });
  }
};
