import { HanbusError } from '../kit/errors.ts';
import {
  type Credential,
  type CredentialProblem,
  certificateText,
  credentialProblem,
  isRole,
  ROLES,
} from '../schemes/credential.ts';
import { listed, nearest } from '../schemes/near.ts';
import type { Call } from './verb.ts';

type Options = Call['options'];

/** The credential that `hanbus credentials add` asks for. Throws HB150 with what is wrong. */
export function credentialWish(name: string, options: Options): Credential {
  const { prefix, clientId, plain } = options;
  const credential: Credential = {
    ...{ name, role: roleOf(options), plain: plain === true },
    ...(typeof prefix === 'string' ? { prefix: prefix.replace(/\/#?$/, '') } : {}),
    ...(typeof clientId === 'string' ? { clientId } : {}),
    read: textsOf(options.read),
    write: textsOf(options.write),
    certificates: textsOf(options.certificate).map(certificateText),
  };
  const problem = credentialProblem(credential);
  if (problem !== undefined) throw usage(problem);
  return credential;
}

const ROLE_FIX = 'hanbus credentials add tasmota1 --prefix tasmota1';

/** A prefix makes a device. Without one the role must be said: nobody is let in further than was meant. */
function roleOf({ role, prefix }: Options): Credential['role'] {
  if (role === undefined && prefix !== undefined) return 'device';
  if (isRole(role)) return role;
  if (typeof role !== 'string') {
    throw new HanbusError('HB150', 'credentials add needs --prefix for a device, or --role', { fix: ROLE_FIX });
  }
  const near = nearest(role, ROLES);
  const message = `"${role.slice(0, 40)}" is no role; there are ${listed(ROLES)}`;
  throw new HanbusError('HB150', message, { fix: near === undefined ? 'hanbus help credentials' : `--role ${near}` });
}

function textsOf(value: Options[string]): readonly string[] {
  return typeof value === 'object' ? value : [];
}

function usage({ message, suggestion }: CredentialProblem): HanbusError {
  return new HanbusError('HB150', `${message}; ${suggestion}`, { fix: 'hanbus help credentials' });
}
