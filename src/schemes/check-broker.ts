import { checkBrokerLimits, checkSys } from './check-broker-limits.ts';
import { checkAccess } from './check-broker-users.ts';
import type { CheckContext } from './check-context.ts';
import { checkDurable } from './check-durable.ts';
import { checkEngine } from './check-engine.ts';
import { checkListen } from './check-listen.ts';
import { checkOrigins, checkTls } from './check-tls.ts';
import { unknownKey, wrongSort } from './field-problems.ts';
import { DEFAULT_LISTEN } from './listen-address.ts';
import type { Path } from './path-problem.ts';
import type { BrokerText } from './scheme.ts';
import { isRecord } from './yaml-value.ts';

const KEYS: readonly string[] = ['durable', 'engine', 'limits', 'listen', 'local', 'origins', 'sys', 'tls', 'users'];

/** `broker:` with the listening address of the own broker and the engine used beside or instead of it. */
export function checkBroker(raw: unknown, context: CheckContext): BrokerText {
  const path: Path = ['broker'];
  if (raw === undefined) return { listen: DEFAULT_LISTEN };
  if (!isRecord(raw)) {
    context.problems.push(wrongSort('a map', raw, path, brokerFix(raw)));
    return { listen: DEFAULT_LISTEN };
  }
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) context.problems.push(unknownKey(key, KEYS, [...path, key], raw[key]));
  }
  const engine = raw.engine === undefined ? undefined : checkEngine(raw.engine, context);
  const access = checkAccess(raw, context);
  const bounds = {
    ...(raw.durable === undefined ? {} : { durable: checkDurable(raw.durable, context) }),
    ...(raw.limits === undefined ? {} : { limits: checkBrokerLimits(raw.limits, context) }),
    ...(raw.sys === undefined ? {} : { sysMs: checkSys(raw.sys, context) }),
  };
  return { ...checkDoors(raw, access, context), ...(engine === undefined ? {} : { engine }), ...access, ...bounds };
}

/** Where the own broker listens, and how. */
function checkDoors(
  { listen, tls, origins }: Readonly<Record<string, unknown>>,
  { users = [] }: Pick<BrokerText, 'users'>,
  context: CheckContext,
): Pick<BrokerText, 'listen' | 'origins' | 'tls'> {
  const hasPlainUser = users.some(({ plain }) => plain);
  const checkedTls = tls === undefined ? undefined : checkTls(tls, context);
  return {
    listen: listen === undefined ? DEFAULT_LISTEN : checkListen(listen, hasPlainUser, context),
    ...(checkedTls === undefined ? {} : { tls: checkedTls }),
    ...(origins === undefined ? {} : { origins: checkOrigins(origins, context) }),
  };
}

function brokerFix(raw: unknown): string | undefined {
  if (typeof raw === 'number' || raw === 'off') return `broker: {listen: ${raw}}`;
  return typeof raw === 'string' && raw.includes('://') ? `broker: {engine: ${raw}}` : undefined;
}
