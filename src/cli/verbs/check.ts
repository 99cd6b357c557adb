import { resolve } from 'node:path';
import { HanbusError } from '../../kit/errors.ts';
import type { CheckAnswer } from '../../schemes/contracts.ts';
import type { Problem } from '../../schemes/problem.ts';
import type { LoadedScheme } from '../../schemes/scheme.ts';
import type { SchemeTests } from '../rule-tests.ts';
import { counted } from '../spans.ts';
import type { Call, Verb } from '../verb.ts';

const INVALID = 78;

export const verb: Verb = {
  name: 'check',
  summary: 'check scheme files, all problems in one pass',
  group: 'scheme',
  first: 7,
  arguments: [
    { name: 'file', about: 'main scheme files; default: the one of this node', many: true, completes: 'file' },
  ],
  options: [
    { flags: '--strict', about: 'warnings fail too' },
    { flags: '--test', about: 'run the tests of the rules too; exit code 1 when one fails' },
  ],
  examples: [
    { line: 'hanbus check', about: 'the scheme of this node; no node needs to run' },
    { line: 'hanbus check house.yaml --strict', about: 'for scripts: exit code 78 when it is not valid' },
    { line: 'hanbus check house.yaml --test', about: 'the tests of its rules, in virtual time' },
  ],
  contract: 'check',
  async run(call) {
    const { screen, globals, options } = call;
    const loaded = await loadAll(call);
    const problems = loaded.flatMap((one) => one.problems);
    const files = loaded.flatMap((one) => one.files);
    const ok = !problems.some(({ severity }) => isFatal(severity, options.strict === true));
    const tests = ok && options.test === true ? await testAll(call, loaded) : undefined;
    const hasFailed = tests?.results.some((test) => !test.ok) === true;
    if (globals.json) {
      const { problemJson } = await import('../../schemes/problem-text.ts');
      const answer: CheckAnswer = {
        hanbus: 'check/1',
        ok: ok && !hasFailed,
        files,
        problems: problems.map(problemJson),
      };
      screen.json(tests === undefined ? answer : { ...answer, tests: tests.results });
    } else {
      await tellProblems(call, { problems, files, ok });
      if (tests !== undefined) (await import('../rule-tests.ts')).tellTests(screen, tests);
    }
    if (!ok) return INVALID;
    return hasFailed ? 1 : 0;
  },
};

interface Verdict {
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
  readonly ok: boolean;
}

async function tellProblems({ screen }: Call, { problems, files, ok }: Verdict): Promise<void> {
  const { problemsText } = await import('../../schemes/problem-text.ts');
  if (problems.length > 0) screen.out(problemsText(problems, { colour: screen.colour, columns: screen.columns }));
  const verdict = verdictText(problems, files);
  if (ok) screen.out(`${screen.tint('green', '✓')} ${verdict}`);
  else screen.wrong(`${screen.tint('red', '✗')} ${verdict}`);
}

/** The tests of all schemes together. */
async function testAll({ world }: Call, loaded: readonly LoadedScheme[]): Promise<SchemeTests> {
  const { testScheme } = await import('../rule-tests.ts');
  const { allKinds } = await import('../scheme-world.ts');
  const kinds = await allKinds();
  const timeZone = world.env.TZ ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = loaded.map((one) => testScheme(one, kinds, timeZone));
  return { results: all.flatMap(({ results }) => results), skipped: all.flatMap(({ skipped }) => skipped) };
}

async function loadAll(call: Call): Promise<readonly LoadedScheme[]> {
  const { words, paths, world } = call;
  const { loadScheme } = await import('../../schemes/load.ts');
  const { schemeWorld } = await import('../scheme-world.ts');
  const loaded: LoadedScheme[] = [];
  for (const file of words.length === 0 ? [paths.config] : words) {
    if (words.length > 0 && !(await world.files.exists(resolve(world.cwd, file)))) {
      throw new HanbusError('HB156', `there is no file ${file}`, { fix: 'hanbus info' });
    }
    loaded.push(await withClashes(call, await loadScheme(await schemeWorld(world, paths, file))));
  }
  return loaded;
}

/** Users of the scheme that `hanbus credentials` has too. */
async function withClashes({ paths }: Call, loaded: LoadedScheme): Promise<LoadedScheme> {
  const users = loaded.scheme?.broker.users ?? [];
  if (users.length === 0) return loaded;
  const { clashesIn, credentialsIn } = await import('../../broker/access/credential-file.ts');
  return { ...loaded, problems: [...loaded.problems, ...(await clashesIn(credentialsIn(paths.data), users))] };
}

function isFatal(severity: Problem['severity'], strict: boolean): boolean {
  return severity === 'error' || (strict && severity === 'warning');
}

function verdictText(problems: readonly Problem[], files: readonly string[]): string {
  if (files.length === 0) return 'There is no scheme file, and none is needed: the harvest gives everything its name.';
  const count = (severity: Problem['severity']) => problems.filter((one) => one.severity === severity).length;
  const parts = [
    count('error') === 0 ? '' : counted(count('error'), 'error'),
    count('warning') === 0 ? '' : counted(count('warning'), 'warning'),
  ].filter((part) => part !== '');
  return `${counted(files.length, 'file')}: ${parts.length === 0 ? 'no problems' : parts.join(', ')}`;
}
