import { expect, it } from 'vitest';
import type { Access } from '../../../src/broker/access.ts';
import { connect, makeTestBroker } from '../packet-client.ts';

/** Everybody is who he says. */
const access: Access = {
  admit: ({ username = '' }) => ({
    rights: { name: username, role: 'operator', read: () => undefined, write: () => undefined },
  }),
};

it('a login with ever new client ids drives out its own sessions, not those of others', async () => {
  const world = makeTestBroker({ sessions: 5 }, undefined, {}, access);
  const leave = async (username: string, clientId: string) => {
    const { client, connack } = await connect(world, 4, { username, clientId, clean: false });
    client.stream.destroy();
    return connack;
  };
  await leave('ann', 'ann1');
  await leave('ann', 'ann2');
  for (let count = 0; count < 20; count += 1)
    expect(await leave('eve', `eve${count}`)).toMatchObject({ returnCode: 0 });
  expect(await leave('ann', 'ann1')).toMatchObject({ sessionPresent: true });
  expect(await leave('ann', 'ann2')).toMatchObject({ sessionPresent: true });
  expect(world.broker.counts.sessions).toBe(5);
});
