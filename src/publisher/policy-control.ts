import type { Bus } from '../bus/bus.ts';
import { isEmpty, type Message, textOf } from '../bus/message.ts';
import { controlErrorOf, respond } from '../bus/requests.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { PolicyAnswer } from '../schemes/contracts.ts';
import type { ControlResponse } from '../schemes/control.ts';
import type { PathProblem } from '../schemes/path-problem.ts';
import { parsePolicy, parsePolicyPatch } from '../schemes/policy-parse.ts';
import { parseTopic, topics } from '../schemes/topics.ts';
import type { Device } from './device.ts';
import type { RunningPoint } from './device-points.ts';
import { misfits } from './effective-policy.ts';
import type { OverrideBook } from './override-book.ts';
import { ORIGIN } from './point-output.ts';
import { makeTransform } from './transform.ts';

/** `kept`: false when the change lasts only until the next start, because the disk refuses. */
export type PolicyChange = PolicyAnswer & { readonly kept: boolean };

export interface PolicyWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly log: Log;
  readonly book: OverrideBook;
  deviceOf(name: string): Device | undefined;
}

/** Changes of publish policies while running: checked, applied, kept, answered; refusals are logged with their code. */
export class PolicyControl {
  readonly #world: PolicyWorld;

  constructor(world: PolicyWorld) {
    this.#world = world;
  }

  /** Listens to `.../$publish/set` until the returned function is called. */
  listen(): () => void {
    const { bus, node } = this.#world;
    const filter = topics.everyPolicySet(node);
    return bus.subscribe(filter, (message) => void this.#hear(message), { origin: ORIGIN, noLocal: true });
  }

  /** Patches the policy of `device.point`; null takes a key back. Throws HanbusError with the reason. */
  async change(point: string, patch: unknown): Promise<PolicyChange> {
    return this.#logged(point, async () => {
      const { running, key, device } = this.#find(point);
      const { set, unset, problems } = parsePolicyPatch(patch);
      refuse(problems);
      const { spec } = makeTransform(running.spec, running.plan, undefined);
      refuse(misfits(parsePolicy({ ...this.#world.book.of(key), ...set }).policy, spec));
      if (Object.keys(set).length + unset.length === 0)
        throw new HanbusError('HB158', 'the request changes nothing', { fix: '{"every":"2s"}' });
      const kept = this.#world.book.change(key, set, unset);
      device.applyPolicies();
      await kept;
      return this.#answer(key);
    });
  }

  /** Takes back the last change of a point, or of any. Throws HanbusError (HB160) when there is none. */
  async undo(point?: string): Promise<PolicyChange> {
    return this.#logged(point ?? 'any', async () => {
      const key = point === undefined ? undefined : this.#find(point).key;
      const undone = this.#world.book.undo(key);
      this.#world.deviceOf(key?.split('.')[0] ?? '')?.applyPolicies();
      const changed = await undone;
      if (changed === undefined) throw nothingToUndo();
      this.#world.deviceOf(changed.split('.')[0] ?? '')?.applyPolicies();
      return this.#answer(changed);
    });
  }

  /** The change that `undo` would take back, and when it was made. Throws HB160 when there is none. */
  lastChange(point?: string): PolicyChange & { readonly at: number } {
    const last = this.#world.book.last(point === undefined ? undefined : this.#find(point).key);
    if (last === undefined) throw nothingToUndo();
    return { ...this.#answer(last.point), at: last.at };
  }

  async #hear(message: Message): Promise<void> {
    if (isEmpty(message)) return;
    const { bus, node, log } = this.#world;
    const [device = '', point = ''] = parseTopic(message.topic)?.rest ?? [];
    const { id, ...request } = requestOf(message);
    let response: ControlResponse;
    try {
      const name = `${device}.${point}`;
      if (message.retain) await this.#refuseRetained(message, name);
      if (request.problem !== undefined) await this.#logged(name, () => Promise.reject(request.problem));
      const result = request.isUndo ? await this.undo(name) : await this.change(name, request.patch);
      response = { ...(id === undefined ? {} : { id }), ok: true, result };
    } catch (error) {
      response = { ...(id === undefined ? {} : { id }), ok: false, error: controlErrorOf(error, log) };
    }
    respond(bus, { message, response, origin: ORIGIN, topic: topics.response(node, 'publish') });
  }

  /** It would be applied again at each start: refused and taken off the bus. */
  async #refuseRetained(message: Message, name: string): Promise<void> {
    this.#world.bus.publish({ topic: message.topic, payload: '', retain: true, origin: ORIGIN });
    const fix = 'send it without the retain flag; hanbus remembers the change itself';
    const error = new HanbusError('HB161', 'a retained request is refused: it would run again later', { fix });
    await this.#logged(name, () => Promise.reject(error));
  }

  #find(text: string): { readonly key: string; readonly device: Device; readonly running: RunningPoint } {
    const parts = text.split('.');
    if (parts.length === 3 && parts[0] === this.#world.node) parts.shift();
    const [deviceName = '', pointName = '', ...more] = parts;
    const device = this.#world.deviceOf(deviceName);
    const running = device?.point(pointName);
    if (device !== undefined && running !== undefined && more.length === 0)
      return { key: `${deviceName}.${pointName}`, device, running };
    throw new HanbusError('HB152', `there is no point "${text}"`, { fix: 'hanbus ls' });
  }

  #answer(key: string): PolicyChange {
    const [device = '', point = ''] = key.split('.');
    const policy = this.#world.deviceOf(device)?.point(point)?.policy;
    return {
      hanbus: 'publish/1',
      point: key,
      policy: { ...policy?.text },
      origin: { ...policy?.origin },
      kept: this.#world.book.isKept,
    };
  }

  async #logged(point: string, change: () => Promise<PolicyChange>): Promise<PolicyChange> {
    const { log } = this.#world;
    try {
      const answer = await change();
      log.info('publish policy changed', { point: answer.point, policy: answer.policy });
      return answer;
    } catch (error) {
      if (!(error instanceof HanbusError)) throw error;
      log.warn('change of a publish policy refused', { point, code: error.code, reason: error.message });
      throw error;
    }
  }
}

function nothingToUndo(): HanbusError {
  return new HanbusError('HB160', 'there is no change to take back', { fix: 'hanbus config show --origin' });
}

function refuse(problems: readonly PathProblem[]): void {
  const [first] = problems.filter(({ severity = 'error' }) => severity === 'error');
  if (first === undefined) return;
  const { code, message, suggestion, fix } = first;
  const whole = suggestion === undefined ? message : `${message}; ${suggestion}`;
  throw new HanbusError(code, whole, fix === undefined ? {} : { fix });
}

interface PolicyRequest {
  readonly id?: string;
  readonly isUndo: boolean;
  readonly patch?: unknown;
  readonly problem?: HanbusError;
}

/** `undo`, or a JSON patch that may carry an `id`. */
function requestOf(message: Message): PolicyRequest {
  const text = textOf(message).trim();
  if (text === 'undo' || text === '"undo"') return { isUndo: true };
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('id' in parsed)) return { isUndo: false, patch: parsed };
    const { id, ...patch } = parsed;
    return { isUndo: false, patch, ...(typeof id === 'string' || typeof id === 'number' ? { id: String(id) } : {}) };
  } catch (error) {
    const facts = { fix: '{"every":"2s"}', cause: error };
    const problem = new HanbusError('HB158', `the request is not JSON: ${reasonOf(error)}`, facts);
    return { isUndo: false, problem };
  }
}
