import type { Deadband, Keep, Policy } from './policy.ts';
import { durationText } from './quantity.ts';

function deadbandText(band: Deadband): unknown {
  if ('percent' in band) return `${band.percent}%`;
  if (band.unit !== undefined) return `${band.absolute}${band.unit}`;
  return band.absolute === 0 ? 'any' : band.absolute;
}

function keepText(keep: Keep): unknown {
  if (typeof keep === 'string') return keep;
  const { ttlMs, sync } = keep;
  const amount = 'last' in keep ? { last: keep.last } : { all: true };
  if (ttlMs === undefined && sync !== true) return 'last' in amount ? `last ${amount.last}` : 'all';
  const ttl = ttlMs === undefined ? {} : { ttl: durationText(ttlMs) };
  return { ...amount, ...ttl, ...(sync === true ? { sync } : {}) };
}

/** The right way to write a policy: `{"every":"2s","on_change":"2%"}`. Parsing it gives the policy again. */
export function policyText(policy: Policy): Record<string, unknown> {
  const { everyMs, onChange, atMostMs, filter, unit, round, retain, qos, keep, history } = policy;
  const text = {
    every: everyMs === undefined ? undefined : durationText(everyMs),
    on_change: onChange === undefined ? undefined : deadbandText(onChange),
    at_most: atMostMs === undefined ? undefined : durationText(atMostMs),
    filter: filter?.map((step) => step.text),
    unit,
    round,
    retain,
    qos,
    keep: keep === undefined ? undefined : keepText(keep),
    history,
  };
  return Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined));
}
