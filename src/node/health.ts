import type { Log } from '../kit/log.ts';
import type { DeviceAnswer } from '../schemes/contracts.ts';
import type { Seen } from '../schemes/found.ts';
import type { PathProblem } from '../schemes/path-problem.ts';
import type { Place, Problem } from '../schemes/problem.ts';
import { placeText } from '../schemes/problem-text.ts';
import type { LoadedScheme } from '../schemes/scheme.ts';

/** Path problems of plain data, with the place in the file where a person wrote it. */
export function placed(problems: readonly PathProblem[], loaded: LoadedScheme): Problem[] {
  return problems.map(({ path, code, severity = 'error', message, suggestion, fix }) => {
    const place = parsePlace(loaded.placeOf(path.join('.')));
    return {
      code,
      severity,
      message,
      ...(place === undefined ? {} : { place }),
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(fix === undefined ? {} : { fix }),
    };
  });
}

function parsePlace(text: string | undefined): Place | undefined {
  const match = /^(.*):(\d+):(\d+)$/.exec(text ?? '');
  if (match === null) return undefined;
  return { file: match[1] ?? '', line: Number(match[2]), column: Number(match[3]), length: 1 };
}

/** A device as the publisher lists it, with the code and the fix of what keeps it from being ready. */
export interface ListedDevice extends DeviceAnswer {
  readonly code?: string;
  readonly fix?: string;
}

/** Devices that do not work, as problems. */
export function deviceProblems(devices: readonly ListedDevice[]): Problem[] {
  return devices.flatMap(({ name, state, why, code, fix }) => {
    if (code === undefined || state === 'ready' || state === 'init') return [];
    const message = `${name} is ${state}${why === undefined ? '' : `: ${why}`}`;
    return [{ code, severity: 'warning' as const, message, ...(fix === undefined ? {} : { fix }) }];
  });
}

/** What the harvest saw and could not use, when it has a code and so wants a person. */
export function seenProblems(seen: readonly Seen[]): Problem[] {
  return seen.flatMap(({ code, group, what, fix }) => {
    if (code === undefined) return [];
    return [{ code, severity: 'note' as const, message: `${group}: ${what}`, ...(fix === undefined ? {} : { fix }) }];
  });
}

/** True when nothing needs a person. */
export function isWell(problems: readonly Problem[]): boolean {
  return problems.every(({ severity }) => severity === 'note');
}

/** One line of the log for a problem of a scheme. */
export function logProblem(log: Log, { code, severity, message, place, suggestion, fix }: Problem): void {
  const at = place === undefined ? undefined : placeText(place);
  const fields = { code, at, problem: message, suggestion, fix };
  if (severity === 'error') log.error('problem in the scheme', fields);
  else if (severity === 'warning') log.warn('problem in the scheme', fields);
  else log.info('note on the scheme', fields);
}
