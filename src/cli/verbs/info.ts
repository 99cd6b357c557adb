import type { InfoAnswer } from '../../schemes/contracts.ts';
import { VERSION } from '../../schemes/version.ts';
import { boardName } from '../board-name.ts';
import { columns } from '../columns.ts';
import { expectAnswer, openOrNone } from '../door.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'info',
  summary: 'versions and paths',
  group: 'learn',
  examples: [{ line: 'hanbus info', about: 'where hanbus keeps its files' }],
  contract: 'info',
  async run(call) {
    const info = await findInfo(call);
    if (call.globals.json) call.screen.json(info);
    else for (const line of infoLines(info)) call.screen.out(line);
    return 0;
  },
};

/** Of the running node; without one, where a node started now would look. */
async function findInfo(call: Call): Promise<InfoAnswer> {
  const door = await openOrNone(call);
  if (door !== undefined) return expectAnswer<InfoAnswer>(await door.ask('info', {}), 'info/1');
  const { paths, world } = call;
  const { config, data, runtime, secrets } = paths;
  return {
    hanbus: 'info/1',
    version: VERSION,
    runtime: world.runtime,
    board: await boardName(world.files),
    node: '',
    running: false,
    paths: { config, data, runtime, secrets },
  };
}

function infoLines({ version, runtime, board, node, running, paths }: InfoAnswer): string[] {
  return columns([
    ['hanbus', version],
    ['runtime', runtime],
    ['board', board],
    ['node', running ? `${node} (running)` : 'not running; start it with: hanbus up'],
    ['config', paths.config],
    ['secrets', paths.secrets],
    ['data', paths.data],
    ['socket', `${paths.runtime}/api.sock`],
  ]);
}
