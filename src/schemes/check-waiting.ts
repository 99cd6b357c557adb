import type { CheckContext } from './check-context.ts';
import { isSecretName } from './check-engine.ts';
import { checkField } from './check-field.ts';
import { plainSecret } from './field-problems.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { waitingFields } from './waiting-fields.ts';
import { isRecord } from './yaml-value.ts';

/** Checks the form of what this version does not run; one note for each such key. */
export function checkWaiting(root: Readonly<Record<string, unknown>>, context: CheckContext): readonly string[] {
  const fields = Object.entries(waitingFields()).filter(([key]) => root[key] !== undefined);
  for (const [key, field] of fields) {
    context.problems.push(notYet(key));
    checkField(field, root[key], [key], context);
    if (key === 'bridges' || key === 'services') checkSecrets(root[key], [key], context);
  }
  return fields.map(([key]) => key);
}

function notYet(key: string): PathProblem {
  return {
    path: [key],
    onKey: true,
    code: 'HB290',
    severity: 'note',
    message: `this version of hanbus does not run \`${key}\` yet; ${key.endsWith('s') ? 'they are' : 'it is'} kept and ignored`,
  };
}

const SECRET_KEYS = /^(?:api_?key|key|password|secret|token|access_token|write_key)$/;

/** Kinds of bridges are not known here, but keys with these names are secrets in all of them. */
function checkSecrets(raw: unknown, path: Path, { problems }: CheckContext): void {
  if (!isRecord(raw)) return;
  for (const [name, connection] of Object.entries(raw)) {
    if (!isRecord(connection)) continue;
    for (const [key, value] of Object.entries(connection)) {
      if (SECRET_KEYS.test(key) && !isSecretName(value)) problems.push(plainSecret([...path, name, key]));
    }
  }
}
