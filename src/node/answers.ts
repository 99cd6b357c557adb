import type { ScanAnswer, StatusAnswer } from '../schemes/contracts.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import type { Problem } from '../schemes/problem.ts';
import { problemJson } from '../schemes/problem-text.ts';
import type { Harvest } from './harvest-loop.ts';
import { isWell } from './health.ts';
import type { NameBook } from './name-book.ts';

type NodeRow = StatusAnswer['nodes'][number];
type ScanDevice = ScanAnswer['devices'][number];

export function statusAnswer(row: NodeRow, problems: readonly Problem[]): StatusAnswer {
  return { hanbus: 'status/1', ok: isWell(problems), health: problems.map(problemJson), nodes: [row] };
}

/** Memory of this process in MB, one decimal. */
export function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / 100_000) / 10;
}

/** A harvest as an answer; `before` and `after` are the planned devices around it, to tell what changed. */
export function scanAnswer(
  node: string,
  harvest: Harvest,
  book: NameBook,
  [before, after]: readonly [readonly DevicePlan[], readonly DevicePlan[]],
): ScanAnswer {
  const devices = harvest.found.map((device): ScanDevice => {
    const { kind, at, group, about, certainty, provenance } = device;
    const name = book[at]?.name ?? device.name;
    const change = changeOf(before.find((one) => one.at === at));
    const facts = { name, kind, at, group, certainty, provenance };
    return { ...facts, ...(about === undefined ? {} : { about }), ...(change === undefined ? {} : { change }) };
  });
  return { hanbus: 'scan/1', node, devices: [...devices, ...goneDevices(before, after)], seen: [...harvest.seen] };
}

function changeOf(known: DevicePlan | undefined): ScanDevice['change'] {
  if (known === undefined) return 'new';
  return known.lost === true ? 'back' : undefined;
}

/** Devices that are away, `gone` when this very harvest missed them first. */
function goneDevices(before: readonly DevicePlan[], after: readonly DevicePlan[]): ScanDevice[] {
  const gone = after.filter(
    ({ lost, at }) => lost === true && before.some((one) => one.at === at && one.lost !== true),
  );
  return gone.map(({ name, kind, at, group, provenance }) => ({
    name,
    kind,
    at,
    group,
    certainty: 'sure',
    change: 'gone',
    provenance,
  }));
}
