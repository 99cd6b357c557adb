import { HanbusError } from '../../kit/errors.ts';
import type { PolicyAnswer } from '../../schemes/contracts.ts';
import { askScheme } from '../ask.ts';
import { type Door, expectAnswer } from '../door.ts';
import { lastChange, undoScheme } from '../undo-scheme.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'undo',
  summary: 'take back the last change of the scheme or of a publish policy',
  group: 'scheme',
  arguments: [
    { name: 'what', about: 'scheme, or device.point; the last change of all when left out', completes: 'point' },
  ],
  options: [{ flags: '--to <version>', about: 'the scheme of this version; hanbus config versions lists them' }],
  examples: [
    { line: 'hanbus undo', about: 'the last change, whichever it was' },
    { line: 'hanbus undo scheme', about: 'the last change of the scheme; once more brings it back' },
    { line: 'hanbus undo board.load', about: 'the last change of the policy of this point' },
  ],
  contract: 'publish',
  async run(call) {
    const { words, options, world } = call;
    const [what] = words;
    const to = versionIn(options.to);
    const door = await call.door();
    if (what === 'scheme' || to !== undefined) return await undoScheme(call, door, to);
    if (what !== undefined) return await undoPolicy(call, door, what);
    const policyAt = await lastPolicy(door);
    const schemeAt = lastChange(await askScheme(door), world.clock.now());
    if (schemeAt !== undefined && schemeAt > (policyAt ?? 0)) return await undoScheme(call, door, undefined);
    return await undoPolicy(call, door, undefined);
  },
};

function versionIn(option: unknown): number | undefined {
  if (typeof option !== 'string') return undefined;
  const number = Number(option);
  if (Number.isSafeInteger(number) && number > 0) return number;
  const message = `--to ${option.slice(0, 40)} is not the number of a version`;
  throw new HanbusError('HB150', message, { fix: 'hanbus config versions' });
}

/** When a publish policy was changed last; undefined when there is nothing to take back. */
async function lastPolicy(door: Door): Promise<number | undefined> {
  try {
    return expectAnswer<PolicyAnswer>(await door.ask('undo', { dryRun: true }), 'publish/1').at;
  } catch (error) {
    if (error instanceof HanbusError && error.code === 'HB160') return undefined;
    throw error;
  }
}

async function undoPolicy({ globals, screen }: Call, door: Door, point: string | undefined): Promise<number> {
  const result = await door.ask('undo', point === undefined ? {} : { point: point.replaceAll('/', '.') });
  const answer = expectAnswer<PolicyAnswer>(result, 'publish/1');
  if (globals.json) {
    screen.json(answer);
    return 0;
  }
  const policy = Object.entries(answer.policy).map(([key, value]) => `${key}: ${wordOf(value)}`);
  screen.out(
    `${screen.tint('green', '✓')} ${answer.point} is published as before: ${policy.join(', ') || 'by default'}`,
  );
  return 0;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
