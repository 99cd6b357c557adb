import type { Version } from './wire.ts';

/**
 * What some clients do to a broker, one action a line:
 *
 *     open a 5          a connection named `a`; what comes back is read as MQTT 5
 *     write a 100c...   bytes, as they are
 *     ack a             acknowledges what it received, oldest first; `ack a back`: newest first
 *     freeze a, thaw a  stops reading, reads again
 *     half a            ends its side
 *     drop a            breaks the connection
 *     turn 3            turns of the event loop
 *     clock 5000        ms that pass
 *     expect a 81 82    the broker has closed it, with one of these reason codes where MQTT 5 lets it speak;
 *                       `expect a open`: it is served
 */
export type Action =
  | { readonly do: 'open'; readonly who: string; readonly version: Version }
  | { readonly do: 'write'; readonly who: string; readonly bytes: Uint8Array }
  | { readonly do: 'ack'; readonly who: string; readonly isBackward: boolean }
  | { readonly do: 'freeze' | 'thaw' | 'half' | 'drop'; readonly who: string }
  | { readonly do: 'turn'; readonly count: number }
  | { readonly do: 'clock'; readonly ms: number }
  | { readonly do: 'expect'; readonly who: string; readonly reasons: readonly number[] | 'open' };

export type Script = readonly Action[];

export function formatScript(script: Script): string {
  return `${script.map(formatAction).join('\n')}\n`;
}

function formatAction(action: Action): string {
  switch (action.do) {
    case 'open':
      return `open ${action.who} ${action.version}`;
    case 'write':
      return `write ${action.who} ${Buffer.from(action.bytes).toString('hex')}`;
    case 'ack':
      return `ack ${action.who}${action.isBackward ? ' back' : ''}`;
    case 'turn':
      return `turn ${action.count}`;
    case 'clock':
      return `clock ${action.ms}`;
    case 'expect':
      return `expect ${action.who} ${action.reasons === 'open' ? 'open' : action.reasons.map((code) => code.toString(16)).join(' ')}`;
    case 'freeze':
    case 'thaw':
    case 'half':
    case 'drop':
      return `${action.do} ${action.who}`;
  }
}

/** Throws on a line that is no action. Empty lines and those that start with `#` say nothing. */
export function parseScript(text: string): Action[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseAction);
}

function parseAction(line: string): Action {
  const [verb = '', who = '', ...rest] = line.split(/\s+/);
  switch (verb) {
    case 'open':
      return { do: 'open', who, version: versionOf(rest[0]) };
    case 'write':
      return { do: 'write', who, bytes: Buffer.from(rest.join(''), 'hex') };
    case 'ack':
      return { do: 'ack', who, isBackward: rest[0] === 'back' };
    case 'turn':
      return { do: 'turn', count: Number(who) };
    case 'clock':
      return { do: 'clock', ms: Number(who) };
    case 'expect':
      return {
        do: 'expect',
        who,
        reasons: rest[0] === 'open' ? 'open' : rest.map((code) => Number.parseInt(code, 16)),
      };
    case 'freeze':
    case 'thaw':
    case 'half':
    case 'drop':
      return { do: verb, who };
    default:
      throw new Error(`no such action: ${line}`);
  }
}

function versionOf(text: string | undefined): Version {
  return text === '3' ? 3 : text === '4' ? 4 : 5;
}

/** Scripts that follow each other on one broker: a line of dashes stands between them. */
export function parseScripts(text: string): Action[][] {
  return text.split(/^---+$/m).map(parseScript);
}

export const formatScripts = (scripts: readonly Script[]): string => scripts.map(formatScript).join('---\n');
