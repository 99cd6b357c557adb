import type { Cancel } from '../kit/clock.ts';
import type { DeviceAnswer, ListAnswer, PointAnswer, WatchLine } from '../schemes/contracts.ts';
import { isName } from '../schemes/names.ts';
import { parseTopic } from '../schemes/topics.ts';
import { shown } from '../schemes/units-shown.ts';
import { cut } from './columns.ts';
import { makeGlob, type PointName } from './glob.ts';
import { deviceMark, qualityText } from './marks.ts';
import type { Rate } from './rate.ts';
import { timeText } from './spans.ts';
import type { Call } from './verb.ts';
import { isLine, readEnvelope } from './watch-lines.ts';

/** A device that is opened anew stops for a moment; only one that stays so is told. */
const STOPPED_MS = 1_000;
/** Readings come rounded; no more than this is a number, not an error of its binary form. */
const DECIMALS = 10;
const WIDEST = 28;

/** Turns lines of the stream into lines for people: values with their unit, devices that come, go and fail. */
export class WatchView {
  readonly #call: Call;
  readonly #fits: (name: PointName) => boolean;
  readonly #askList: () => Promise<ListAnswer>;
  readonly #stopping = new Map<string, Cancel>();
  #devices = new Map<string, DeviceAnswer>();
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

  /** An envelope of a point or the state of a device. */
  async show(line: unknown, rate: Rate): Promise<void> {
    if (!isLine(line) || !this.#fitsTopic(line.topic)) return;
    const { rest: [device = '', point = ''] = [] } = parseTopic(line.topic) ?? {};
    if (!isName(device)) return;
    if (point === '$state') return await this.#state(line, device);
    const reading = readEnvelope(line.payload);
    // Of a device that has gone there is nothing to doubt any more.
    const isOver = !this.#devices.has(device) && reading?.quality === 'stale';
    if (isName(point) && reading !== undefined && !isOver && rate.take()) this.#value(`${device}.${point}`, reading);
  }

  #value(name: string, { value, unit, quality, why }: NonNullable<ReturnType<typeof readEnvelope>>): void {
    const { screen } = this.#call;
    const text = cut(shown(value, unit, DECIMALS).replaceAll('\0', ''), 60);
    const doubt = qualityText({ quality, ...(why === undefined ? {} : { why }) });
    const doubted = doubt === '' ? '' : `  ${screen.tint('yellow', doubt)}`;
    screen.out(`${this.#now()}     ${name.padEnd(this.#widest)}   ${text}${doubted}`);
  }

  /** When it was told: a doubt is news, although the reading itself is old. */
  #now(): string {
    const { screen, world } = this.#call;
    return screen.tint('dim', timeText(world.clock.now()));
  }

  /** A device came, went or failed. Its first state after an unknown name means it is new. */
  async #state({ payload: state }: WatchLine, name: string): Promise<void> {
    const { clock } = this.#call.world;
    this.#stopping.get(name)?.();
    this.#stopping.delete(name);
    if (state === '') return this.#forgotten(name);
    if (!isState(state) || state === 'init' || this.#devices.get(name)?.state === state) return;
    if (state !== 'stopped') return await this.#tell(name, state);
    this.#stopping.set(
      name,
      clock.after(STOPPED_MS, () => void this.#tell(name, state)),
    );
  }

  async #tell(name: string, state: DeviceAnswer['state']): Promise<void> {
    const { screen } = this.#call;
    const known = this.#devices.get(name);
    this.#learn(await this.#askList());
    const device = this.#devices.get(name);
    if (device !== undefined) this.#devices.set(name, { ...device, state });
    const about = device === undefined ? '' : `  ${screen.tint('dim', device.about ?? device.kind)}`;
    const word = known === undefined ? 'appeared' : WORDS[state];
    const mark = known === undefined ? screen.tint('green', '+') : deviceMark(state, screen);
    const why = device?.why === undefined || state === 'ready' ? '' : `: ${device.why}`;
    screen.out(`${this.#now()}  ${mark}  ${screen.tint('bold', name)} ${word}${why}${about}`);
  }

  /** Its state was cleared: the scheme calls it otherwise, or not at all. */
  #forgotten(name: string): void {
    if (!this.#devices.delete(name)) return;
    const { screen } = this.#call;
    screen.out(`${this.#now()}  ${screen.tint('yellow', '-')}  ${screen.tint('bold', name)} is not a device any more`);
  }

  #fitsTopic(topic: string): boolean {
    const parts = parseTopic(topic);
    const [device = '', point = ''] = parts?.rest ?? [];
    return this.#fits({ node: parts?.node ?? '', device, point });
  }

  #learn({ devices }: ListAnswer): void {
    this.#devices = new Map(devices.map((device) => [device.name, device]));
    const names = devices.flatMap((device) =>
      device.points.map((point: PointAnswer) => `${device.name}.${point.name}`),
    );
    this.#widest = Math.min(WIDEST, Math.max(0, ...names.map((name) => name.length)));
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
