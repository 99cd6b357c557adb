import type { LogLine } from '../kit/log.ts';
import type { LogWriter } from '../kit/log-output.ts';
import type { LogsAnswer } from '../schemes/contracts.ts';
import type { ControlRequests } from '../schemes/control.ts';

const KEPT = 1_000;
const LEVELS = ['error', 'warn', 'info', 'debug'];

type Numbered = LogsAnswer['lines'][number];

/** The last lines of this run, for `hanbus logs`. Nothing is written to the flash for it. */
export class LogRing {
  readonly #lines: Numbered[] = [];
  #next = 1;

  /** A writer that also keeps each line. */
  tee(writer: LogWriter): LogWriter {
    return (line) => {
      this.#keep(line);
      writer(line);
    };
  }

  answer({ after = 0, level = 'debug', source, limit = 200 }: ControlRequests['logs']): LogsAnswer {
    const wanted = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
    const lines = this.#lines.filter(
      (line) => line.seq > after && wanted.includes(line.level) && (source === undefined || isFrom(line, source)),
    );
    return { hanbus: 'logs/1', lines: lines.slice(-limit) };
  }

  #keep({ time, level, text, fields }: LogLine): void {
    this.#lines.push({ seq: this.#next, time, level, text, fields });
    this.#next += 1;
    if (this.#lines.length > KEPT) this.#lines.splice(0, this.#lines.length - KEPT);
  }
}

function isFrom({ fields }: Numbered, source: string): boolean {
  const { service, device } = fields as { service?: unknown; device?: unknown };
  return service === source || device === source;
}
