import type { StatusAnswer } from '../schemes/contracts.ts';

import { timeText } from './spans.ts';

type NodeRow = StatusAnswer['nodes'][number];

/** Where a node can be reached and what it was told: its broker, its engine, its scheme. A row is a name and a text. */
export function doorRows({ listeners, engine, scheme }: NodeRow, health: StatusAnswer['health']): string[][] {
  const open = listeners.filter((listener) => listener.open);
  // One open door is enough to know; why another stays closed is in the health.
  const shown = open.length > 0 ? open : listeners;
  const rows = shown.map(({ url, open: isOpen, why }) => ['broker', isOpen ? url : `${url} is closed${reason(why)}`]);
  const fingerprint = open.find((listener) => listener.fingerprint !== undefined)?.fingerprint;
  if (fingerprint !== undefined) rows.push(['tls', `SHA-256 ${fingerprint}`]);
  if (engine !== undefined) {
    const { url, connected, why } = engine;
    rows.push(['engine', connected ? `${url}, connected` : `${url}, not connected${reason(why)}`]);
  }
  return [...rows, ['scheme', schemeText(scheme, health)]];
}

/** Which files count, and which have errors: those are told in the health. */
function schemeText({ files, appliedAt }: NodeRow['scheme'], health: StatusAnswer['health']): string {
  const broken = new Set(
    health.flatMap(({ severity, file }) => (severity === 'error' && file !== undefined ? [file] : [])),
  );
  const wrong = [...broken].filter((file) => !file.startsWith('environment ')).join(', ');
  if (files.length > 0)
    return `${files.join(', ')}, read at ${timeText(appliedAt)}${wrong === '' ? '' : '; it has errors, see above'}`;
  return wrong === '' ? 'no file; everything was found by itself' : `${wrong} has errors, so nothing of it is used`;
}

function reason(why: string | undefined): string {
  return why === undefined ? '' : `: ${why}`;
}
