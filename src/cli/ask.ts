import type {
  ApplyAnswer,
  ListAnswer,
  LogsAnswer,
  ReadAnswer,
  ScanAnswer,
  SchemeAnswer,
  StatusAnswer,
} from '../schemes/contracts.ts';
import type { ControlRequests } from '../schemes/control.ts';
import { type Door, expectAnswer } from './door.ts';

/** The devices and points of the running node. */
export async function askList(door: Door): Promise<ListAnswer> {
  return expectAnswer<ListAnswer>(await door.ask('list', {}), 'list/1');
}

export async function askStatus(door: Door): Promise<StatusAnswer> {
  return expectAnswer<StatusAnswer>(await door.ask('status', {}), 'status/1');
}

export async function askScan(door: Door): Promise<ScanAnswer> {
  return expectAnswer<ScanAnswer>(await door.ask('scan', {}), 'scan/1');
}

export async function askRead(door: Door, points: readonly string[], timeoutMs?: number): Promise<ReadAnswer> {
  return expectAnswer<ReadAnswer>(await door.ask('read', { points }, timeoutMs), 'read/1');
}

export async function askLogs(door: Door, question: ControlRequests['logs']): Promise<LogsAnswer> {
  return expectAnswer<LogsAnswer>(await door.ask('logs', question), 'logs/1');
}

/** The files of the scheme, now or of a version, and its versions. */
export async function askScheme(door: Door, version?: number | string): Promise<SchemeAnswer> {
  const question: ControlRequests['scheme'] = version === undefined ? {} : { version };
  return expectAnswer<SchemeAnswer>(await door.ask('scheme', question), 'scheme/1');
}

export async function askApply(door: Door, question: ControlRequests['apply']): Promise<ApplyAnswer> {
  return expectAnswer<ApplyAnswer>(await door.ask('apply', question), 'apply/1');
}

export async function askRevert(door: Door, question: ControlRequests['revert']): Promise<ApplyAnswer> {
  return expectAnswer<ApplyAnswer>(await door.ask('revert', question), 'apply/1');
}
