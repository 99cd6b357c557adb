// Messages through the rules of one program, in a process of its own. Argument: its target as JSON. Prints a row as JSON.
import { print } from './print.ts';
import { loadRules, type RulesTarget } from './rules/load.ts';

const target: RulesTarget = JSON.parse(process.argv[2] ?? '{}');
print({ ...(await loadRules(target)) });
process.exit(0);
