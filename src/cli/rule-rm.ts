import { resolve } from 'node:path';
import { HanbusError } from '../kit/errors.ts';
import { nearest } from '../schemes/near.ts';
import type { RuleAnswer } from '../schemes/rule-contracts.ts';
import { removeRule } from '../schemes/rule-edit.ts';
import type { LoadedScheme } from '../schemes/scheme.ts';
import { awaitRule } from './ask-rules.ts';
import { openOrNone } from './door.ts';
import { besides } from './rule-lines.ts';
import { agrees, type Draft, draftOf, isSound, loadDraft, showDraft, whereItRuns, writeDraft } from './scheme-edit.ts';
import { counted } from './spans.ts';
import type { Call } from './verb.ts';

const INVALID = 78;

/** Takes a rule out of the file of the scheme that has it. */
export async function removeNamed(asked: Call, name: string): Promise<number> {
  const door = await openOrNone(asked);
  const call = await whereItRuns(asked, door);
  const { world, paths, screen, globals, options } = call;
  const { loadScheme } = await import('../schemes/load.ts');
  const { schemeWorld } = await import('./scheme-world.ts');
  const loaded = await loadScheme(await schemeWorld(world, paths, paths.config));
  const path = resolve(world.cwd, fileOf(loaded, name));
  const before = (await world.files.text(path)) ?? '';
  const draft = draftOf(path, before, removeRule(before, name));
  if (!(await isSound(call, await loadDraft(call, draft)))) return INVALID;
  const answer: RuleAnswer = { hanbus: 'rule/1', rule: name, did: 'removed', file: path };
  if (options.dryRun === true) {
    if (globals.json) screen.json({ ...answer, dry: true });
    else await showDraft(call, draft);
    return 0;
  }
  if (!(await agrees(call, `Take the rule ${name} out of ${path}?`))) return 1;
  await writeDraft(call, draft, `hanbus rule rm ${name} --yes`);
  const state = door === undefined ? undefined : await awaitRule(call, door, { name, isThere: false });
  if (globals.json) screen.json(answer);
  else for (const line of takenLines(call, draft, state !== undefined)) screen.out(line);
  return 0;
}

function takenLines({ screen, words }: Call, { path, lines }: Draft, isStillThere: boolean): readonly string[] {
  const [, name = ''] = words;
  const text = `${screen.tint('green', '✓')} ${name} was taken out of ${path} (${counted(lines, 'line')})`;
  return besides(text, isStillThere ? 'The node has not taken it up yet: hanbus status' : 'Back: hanbus undo', screen);
}

/** Throws HB345 when no file has the rule. */
function fileOf({ placeOf, scheme }: LoadedScheme, name: string): string {
  const place = placeOf(`rules.${name}`);
  if (place !== undefined) return place.replace(/:\d+:\d+$/, '');
  const near = nearest(name, Object.keys(scheme?.rules.rules ?? {}));
  const message = `no file of the scheme has a rule "${name.slice(0, 40)}"`;
  throw near === undefined
    ? new HanbusError('HB345', message, { fix: 'hanbus rule ls' })
    : new HanbusError('HB345', `${message}. Did you mean ${near}?`, { fix: `hanbus rule rm ${near}` });
}
