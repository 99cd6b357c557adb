import { HanbusError } from '../../kit/errors.ts';
import type { BrokerAnswer, ClientAnswer, ClientsAnswer, KickAnswer } from '../../schemes/broker-contracts.ts';
import { brokerLines } from '../broker-lines.ts';
import { clientLines, clientTable } from '../client-lines.ts';
import { expectAnswer } from '../door.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'broker',
  summary: 'the MQTT broker: its clients, what came and went, limits',
  group: 'look',
  arguments: [
    { name: 'action', about: 'clients, client or kick; totals when left out', words: ['clients', 'client', 'kick'] },
    { name: 'id', about: "client id; for clients a pattern such as 'sensor*'" },
  ],
  options: [
    { flags: '--sort <by>', about: 'clients by id, queue, rate, bytes, dropped or inflight' },
    { flags: '--limit <count>', about: 'at most so many clients; default 1000' },
  ],
  examples: [
    { line: 'hanbus broker', about: 'what came, what went, what was refused and why, the limits in force' },
    { line: 'hanbus broker clients --sort queue', about: 'who does not keep up comes first' },
    { line: 'hanbus broker client nodered_1', about: 'one client: subscriptions, will, last error' },
    { line: 'hanbus broker kick nodered_1', about: 'disconnects it; it may come again, and its session stays' },
  ],
  contract: 'broker',
  async run(call) {
    const [action, id] = call.words;
    if (action === undefined) return await totals(call);
    if (action === 'clients') return await clients(call, id);
    if (id === undefined) {
      const message = `broker ${action} needs the id of a client`;
      throw new HanbusError('HB150', message, { fix: 'hanbus broker clients' });
    }
    return action === 'kick' ? await kick(call, id) : await client(call, id);
  },
};

/** Rows that a node answers at most. */
const MOST = 1_000;

async function totals(call: Call): Promise<number> {
  const answer = expectAnswer<BrokerAnswer>(await (await call.door()).ask('broker', {}), 'broker/1');
  return tell(call, answer, () => brokerLines(answer, call.screen));
}

/** `--json` answers as `clients/1`. */
async function clients(call: Call, id: string | undefined): Promise<number> {
  const { sort } = call.options;
  const limit = limitOf(call);
  const question = {
    view: 'clients',
    ...(id === undefined ? {} : { like: id }),
    ...(typeof sort === 'string' ? { sort } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
  const answer = expectAnswer<ClientsAnswer>(await (await call.door()).ask('broker', question), 'clients/1');
  if (answer.clients.length === 0 && !call.globals.json) {
    call.screen.note(id === undefined ? 'No client is connected.' : `No client has an id like "${id}".`);
    return 0;
  }
  return tell(call, answer, () => clientTable(answer, call.screen));
}

/** `--json` answers as `client/1`. */
async function client(call: Call, id: string): Promise<number> {
  const answer = await (await call.door()).ask('broker', { view: 'client', client: id });
  const known = expectAnswer<ClientAnswer>(answer, 'client/1');
  return tell(call, known, () => clientLines(known, call.screen));
}

/** `--json` answers as `kick/1`. */
async function kick(call: Call, id: string): Promise<number> {
  const answer = expectAnswer<KickAnswer>(await (await call.door()).ask('kick', { client: id }), 'kick/1');
  const { screen } = call;
  return tell(call, answer, () => [`${screen.tint('green', '✓')} ${answer.client} was disconnected.`]);
}

function tell({ screen, globals }: Call, answer: object, linesOf: () => readonly string[]): number {
  if (globals.json) screen.json(answer);
  else for (const line of linesOf()) screen.out(line);
  return 0;
}

function limitOf({ options: { limit } }: Call): number | undefined {
  if (limit === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(String(limit)) && Number(limit) <= MOST) return Number(limit);
  throw new HanbusError('HB150', `--limit ${String(limit)} is not a number from 1 to ${MOST}`, { fix: '--limit 50' });
}
