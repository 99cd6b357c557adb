// Our broker beside others, in one run: `npm run bench -- broker`, or some cases: `npm run bench -- broker one-qos0`.
// How to read what it prints: README.md of this folder.
import { FOR_BENCH, installDebianPackages } from '../tools/setup/debian.mjs';
import { parseArguments, type Wish } from './broker/arguments.ts';
import type { Case } from './broker/case.ts';
import { CASES } from './broker/cases.ts';
import { measure, type Outcome } from './broker/measure.ts';
import { goalValue, reportOf } from './broker/report.ts';
import { type Subject, subjects } from './broker/subject.ts';

function chosen<T extends { readonly name: string }>(all: readonly T[], names: readonly string[]): readonly T[] {
  const known = all.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`${name} is not known; known: ${known.join(', ')}`);
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

/** Progress goes beside the tables, so that those can be kept alone. */
const say = (text: string): void => void process.stderr.write(`${text}\n`);

function present(brokers: readonly Subject[]): readonly Subject[] {
  for (const { missing } of brokers) if (missing !== undefined) say(`${missing}: skipped`);
  return brokers.filter(({ missing }) => missing === undefined);
}

const asJson = ({ name, goals }: Case, outcomes: readonly Outcome[]) => ({
  case: name,
  brokers: outcomes,
  goals: goals.map((goal) => ({ ...goal, value: goalValue(goal, outcomes) })),
});

async function main(wish: Wish): Promise<void> {
  const cases = chosen(CASES, wish.cases);
  await installDebianPackages(FOR_BENCH, 'brokers of the bench');
  const brokers = present(chosen(subjects(wish), wish.brokers));
  const results = [];
  for (const wanted of cases) {
    const taking = brokers.filter(({ only }) => only === undefined || only === wanted.name);
    say(`measuring ${wanted.name}: ${taking.map(({ name }) => name).join(', ')}`);
    const outcomes = await measure(wanted, taking, wish);
    results.push(asJson(wanted, outcomes));
    if (!wish.json) process.stdout.write(`${reportOf(wanted, outcomes)}\n`);
  }
  if (wish.json) process.stdout.write(`${JSON.stringify(results)}\n`);
}

try {
  await main(parseArguments(process.argv.slice(2)));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
