import type { FilesPort } from '../drivers/ports/ports.ts';
import { reasonOf, Unavailable } from '../kit/errors.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { boardModel } from './board-model.ts';

const source = '/proc/loadavg';

/** There is one board, and it is always there; its identity is the node itself. */
export const agent: Agent = {
  name: 'board',
  summary: 'The board itself: load, memory, uptime, clock.',
  async interrogate({ ports: { files } }) {
    const refusal = await unreadable(files);
    if (refusal !== undefined) return { found: [], seen: [refusal] };
    const { model } = await boardModel(files);
    const device = {
      kind: 'board',
      name: 'board',
      at: 'board',
      group: 'board',
      options: {},
      certainty: 'sure',
      provenance: { source, why: 'the kernel tells of itself in /proc' },
      about: model,
    } as const;
    return { found: [device], seen: [] };
  },
};

async function unreadable(files: FilesPort): Promise<Seen | undefined> {
  try {
    await files.text(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { group: 'board', what: 'no load and memory', source, why: reasonOf(error), code: error.code };
  }
}
