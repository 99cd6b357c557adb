import { HanbusError } from '../kit/errors.ts';
import { isName, nameFrom, RESERVED_NODE_NAMES } from '../schemes/names.ts';
import type { Environment } from './scheme-version.ts';

/** Where the name of a node may come from, the strongest first. */
interface Wishes {
  readonly flag?: string | undefined;
  readonly environment: Environment;
  readonly scheme?: string | undefined;
  readonly host: string;
}

/** Throws HB230 when the strongest wish is no name. */
export function nodeName({ flag, environment, scheme, host }: Wishes): string {
  const wanted = flag ?? environment.HANBUS_NODE ?? scheme ?? nameFrom(host, 'node');
  if (isName(wanted) && !RESERVED_NODE_NAMES.includes(wanted)) return wanted;
  throw new HanbusError('HB230', `"${wanted}" cannot name a node`, {
    fix: `hanbus up --name ${nameFrom(wanted, 'node')}`,
  });
}
