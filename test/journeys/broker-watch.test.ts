import { afterAll, expect, it } from 'vitest';
import { endAll, freePort, hanbus, hanbusOnce, makeHome, run } from '../fakes/processes.ts';

afterAll(endAll);

it('hanbus broker shows a real client, its limits and $SYS, and disconnects it', async () => {
  const port = await freePort();
  const home = makeHome(`broker: {listen: ${port}, sys: 1s, limits: {packet_bytes: 1MiB}}\n`);
  const node = hanbus(home, 'up', '--name', 'den');
  await node.says(/points are being published/);
  const panel = run('mosquitto_sub', [
    '-V',
    '5',
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-i',
    'panel',
    '-v',
    '-t',
    '$SYS/broker/uptime',
  ]);
  const first = await panel.says(/^\$SYS\/broker\/uptime \d+ seconds$/m);
  await panel.says(new RegExp(`^\\$SYS/broker/uptime (?!${first.split(' ')[1]} )\\d+ seconds$`, 'm'));

  const broker = await hanbusOnce(home, 'broker');
  expect(broker.code).toBe(0);
  expect(broker.text).toMatch(/^packet_bytes +1MiB .*from the scheme$/m);
  expect(broker.text).toContain(`mqtt://127.0.0.1:${port}`);
  expect((await hanbusOnce(home, 'broker', 'clients', 'pan*')).text).toMatch(
    /^. panel +local \(operator\) +127\.0\.0\.1 tcp +5 /m,
  );

  expect((await hanbusOnce(home, 'broker', 'kick', 'panel')).code).toBe(0);
  const nobody = await hanbusOnce(home, 'broker', 'kick', 'panle');
  expect([nobody.code, nobody.text]).toEqual([66, expect.stringContaining('HB169')]);
  expect((await hanbusOnce(home, 'broker', '--json')).text).toContain('"isEven":true');
  await node.end();
});
