import type { ProcessPort } from '../drivers/ports/ports.ts';
import { reasonOf, Unavailable } from '../kit/errors.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';

const ASK = ['list-units', '--state=failed', '--plain', '--no-legend', '--no-pager'] as const;
const MOST = 10;
const source = 'systemctl list-units --state=failed';

/** Claims nothing: a unit becomes a device on request. Failed ones are worth a line. */
export const agent: Agent = {
  name: 'services',
  summary: 'systemd units that have failed.',
  async interrogate({ ports: { files, process } }) {
    if (!(await files.exists('/run/systemd/system'))) return { found: [], seen: [] };
    return { found: [], seen: await failures(process) };
  },
};

async function failures(process: ProcessPort): Promise<readonly Seen[]> {
  try {
    const { code, err, out } = await process.run('systemctl', ASK);
    if (code !== 0) return [unknown(err.trim().slice(0, 200))];
    const units = out.split('\n').flatMap((line) => /^\s*(\S+\.[a-z]+)\s+\S+\s+failed\s/.exec(line)?.[1] ?? []);
    return units.slice(0, MOST).map(failedSeen);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return [unknown(reasonOf(error))];
  }
}

function unknown(why: string): Seen {
  return { group: 'services', what: 'services unknown', source, why };
}

function failedSeen(unit: string): Seen {
  return {
    group: 'services',
    what: `${unit} has failed`,
    source,
    why: `to watch it, write {kind: service, unit: ${unit}} under devices`,
    fix: `systemctl status ${unit}`,
  };
}
