import { execFile } from 'node:child_process';
import { systemCode, Unavailable } from '../../kit/errors.ts';
import type { ProcessPort, Ran } from './ports.ts';

const DEADLINE_MS = 5_000;
const MAX_OUTPUT_BYTES = 65_536;

/** Only system folders, so that no program of a user can stand in; plain English output without colours and pager. */
const environment = {
  LANG: 'C',
  LC_ALL: 'C',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/opt/vc/bin',
  SYSTEMD_COLORS: '0',
  SYSTEMD_PAGER: '',
};

export interface ProcessPortOptions {
  /** Where programs are looked for; tests put their own there. */
  readonly path?: string;
  readonly deadlineMs?: number;
}

/** Runs the few programs that drivers may ask: no shell, closed input, bounded time and output. */
export function makeProcessPort({
  path = environment.PATH,
  deadlineMs = DEADLINE_MS,
}: ProcessPortOptions = {}): ProcessPort {
  const options = { env: { ...environment, PATH: path }, maxBuffer: MAX_OUTPUT_BYTES, timeout: deadlineMs };
  return {
    run: (program, args, signal) =>
      new Promise<Ran>((resolve, reject) => {
        const limits = { ...options, killSignal: 'SIGKILL', ...(signal === undefined ? {} : { signal }) } as const;
        const child = execFile(program, [...args], limits, (error, out, err) => {
          const failed = failure(program, error, deadlineMs);
          if (failed === undefined) resolve({ code: Number(child.exitCode), out, err });
          else reject(signal?.aborted === true ? signal.reason : failed);
        });
        child.stdin?.end();
      }),
  };
}

/** Undefined when the program ran to its end, whatever its exit code. */
function failure(
  program: string,
  error: (Error & { killed?: boolean }) | null,
  deadlineMs: number,
): Unavailable | undefined {
  if (error === null) return undefined;
  const code = systemCode(error);
  if (code === 'ENOENT') return new Unavailable(`${program} is not installed`, { cause: error });
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return new Unavailable(`${program} wrote more than 64 kB`, { cause: error });
  }
  if (code !== undefined) return new Unavailable(`cannot run ${program}: ${code}`, { cause: error });
  if (error.killed === true) {
    return new Unavailable(`${program} did not end within ${deadlineMs} ms`, { code: 'HB143', cause: error });
  }
  return undefined;
}
