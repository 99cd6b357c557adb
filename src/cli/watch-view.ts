import type { DeviceAnswer, ListAnswer, WatchLine } from '../schemes/contracts.ts';
import { isName } from '../schemes/names.ts';
import { parseTopic } from '../schemes/topics.ts';
import { cut } from './columns.ts';
import { makeGlob } from './glob.ts';
import { deviceMark } from './marks.ts';
import type { Rate } from './rate.ts';
import { timeText } from './spans.ts';
import type { Call } from './verb.ts';

/** Turns lines of the stream into lines for people: values with their unit, devices that come, go and fail. */
export class WatchView {
  readonly #call: Call;
  readonly #fits: (name: { node: string; device: string; point: string }) => boolean;
  readonly #askList: () => Promise<ListAnswer>;
  #units = new Map<string, string>();
  #devices = new Map<string, DeviceAnswer>();
  /** Names that were looked up already, so that a stranger's topic does not ask the node again and again. */
  readonly #strangers = new Set<string>();
  #widest = 0;

  constructor(call: Call, list: ListAnswer, askAgain: () => Promise<ListAnswer>) {
    this.#call = call;
    const [glob] = call.words;
    this.#fits = glob === undefined ? () => true : makeGlob(glob);
    this.#askList = askAgain;
    this.#learn(list);
  }

  /** The line as it came, when it fits. */
  raw(line: unknown, rate: Rate): void {
    const { screen, globals } = this.#call;
    if (!isLine(line) || !this.#fitsTopic(line.topic) || !rate.take()) return;
    if (globals.json) screen.json(line);
    else screen.out(`${line.topic} ${line.payload}`);
  }

  async show(line: unknown, rate: Rate): Promise<void> {
    if (!isLine(line) || !this.#fitsTopic(line.topic)) return;
    const { rest: [device = '', point = ''] = [] } = parseTopic(line.topic) ?? {};
    if (!isName(device)) return;
    if (point === '$state') return await this.#state(line, device);
    if (!isName(point)) return;
    if (!rate.take()) return;
    const key = `${device}.${point}`;
    if (!this.#units.has(key) && !this.#strangers.has(key)) {
      this.#learn(await this.#askList());
      this.#strangers.add(key);
    }
    const { screen } = this.#call;
    const unit = this.#units.get(key) ?? '';
    const value = cut(line.payload.replaceAll('\0', ''), 60);
    const name = key.padEnd(this.#widest);
    screen.out(`${screen.tint('dim', timeText(line.time))}     ${name}   ${value}${unit}`);
  }

  /** A device came, went or failed. Its first state after an unknown name means it is new. */
  async #state({ time, payload: state }: WatchLine, name: string): Promise<void> {
    const { screen } = this.#call;
    const known = this.#devices.get(name);
    if (known?.state === state || !isState(state) || state === 'init') return;
    this.#learn(await this.#askList());
    const device = this.#devices.get(name);
    if (device !== undefined) this.#devices.set(name, { ...device, state });
    const about = device === undefined ? '' : `  ${screen.tint('dim', device.about ?? device.kind)}`;
    const word = known === undefined ? 'is new' : WORDS[state];
    const mark = known === undefined ? screen.tint('green', '+') : deviceMark(state, screen);
    const why = device?.why === undefined || state === 'ready' ? '' : `: ${device.why}`;
    screen.out(`${screen.tint('dim', timeText(time))}  ${mark}  ${screen.tint('bold', name)} ${word}${why}${about}`);
  }

  #fitsTopic(topic: string): boolean {
    const parts = parseTopic(topic);
    const [device = '', point = ''] = parts?.rest ?? [];
    return this.#fits({ node: parts?.node ?? '', device, point });
  }

  #learn({ devices }: ListAnswer): void {
    this.#devices = new Map(devices.map((device) => [device.name, device]));
    const points = devices.flatMap((device) => device.points.map((point) => ({ device, point })));
    this.#units = new Map(
      points.map(({ device, point }) => [
        `${device.name}.${point.name}`,
        point.unit === undefined ? '' : ` ${point.unit}`,
      ]),
    );
    this.#widest = Math.min(40, Math.max(0, ...[...this.#units.keys()].map((name) => name.length)));
  }
}

const WORDS: Readonly<Record<DeviceAnswer['state'], string>> = {
  failing: 'does not answer',
  init: 'is starting',
  lost: 'is gone',
  quarantined: 'is in quarantine',
  ready: 'is back',
  stopped: 'has stopped',
};

function isState(text: string): text is DeviceAnswer['state'] {
  return Object.hasOwn(WORDS, text);
}

function isLine(line: unknown): line is WatchLine {
  return (
    typeof line === 'object' &&
    line !== null &&
    'topic' in line &&
    typeof line.topic === 'string' &&
    'payload' in line &&
    typeof line.payload === 'string' &&
    'time' in line &&
    typeof line.time === 'number'
  );
}
