import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endAll, freePort, hanbus, hanbusOnce, makeHome, publish, run, subscribe } from '../fakes/processes.ts';

afterAll(endAll);

/** A node on its own port, ready. */
async function upAndReady(yaml = '') {
  const port = await freePort();
  const home = makeHome(`broker: {listen: ${port}}\n${yaml}`);
  const node = hanbus(home, 'up', '--name', 'den');
  await node.says(/points are being published/);
  return { port, home, node };
}

describe('a node on this very machine', () => {
  it('publishes real readings that change, and says goodbye', async () => {
    const { port, node } = await upAndReady('publish: {every: 1s}');
    const client = subscribe(port);
    for (const point of ['board/load', 'board/memory', 'disk/free'])
      await client.says(new RegExp(`^hanbus/den/${point} [\\d.]+$`, 'm'));
    await client.says(/^hanbus\/den\/\$state ready$/m);
    await client.says(/^hanbus\/den\/board\/\$meta \{.*"load".*\}$/m);
    await client.says(/^hanbus\/den\/board\/load\/\$v \{"v":[\d.]+.*"q":"good".*\}$/m);
    const first = await client.says(/^hanbus\/den\/board\/uptime \d+$/m);
    await client.says(new RegExp(`^hanbus/den/board/uptime (?!${first.split(' ')[1]}$)\\d+$`, 'm'));
    expect(await node.end('SIGINT')).toBe(0);
    expect(client.text()).toMatch(/^hanbus\/den\/\$state disconnected$/m);
  });

  it('changes a rate at run time, keeps it over a restart, refuses nonsense, and takes it back', async () => {
    const { port, home, node } = await upAndReady();
    const client = subscribe(port);
    const set = 'hanbus/den/board/load/$publish/set';
    const policy = 'hanbus/den/board/load/\\$publish';
    await client.says(new RegExp(`^${policy} \\{.*"every":"1min".*\\}$`, 'm'));
    await publish(port, set, '{"every":"2s"}');
    await client.says(new RegExp(`^${policy} \\{.*"every":"2s".*"run time".*\\}$`, 'm'));
    await client.says(/^hanbus\/den\/\$res\/publish \{.*"ok":true.*\}$/m);
    for (const [nonsense, code] of [
      ['{"every":-1}', 'HB'],
      ['{"every":5}', 'HB210'],
      ['{"evry":"2s"}', 'HB204'],
      ['{"every":', 'HB158'],
    ] as const) {
      const from = client.text().length;
      await publish(port, set, nonsense);
      await client.says(new RegExp(`^hanbus/den/\\$res/publish \\{.*"ok":false.*"code":"${code}.*\\}$`, 'm'), from);
    }
    const told = client.text().length;
    await client.says(/^hanbus\/den\/board\/load [\d.]+$[\s\S]*^hanbus\/den\/board\/load [\d.]+$/m, told);
    await node.end('SIGTERM');
    const again = hanbus(home, 'up', '--name', 'den');
    await again.says(/points are being published/);
    const later = subscribe(port);
    await later.says(new RegExp(`^${policy} \\{.*"every":"2s".*\\}$`, 'm'));
    expect((await hanbusOnce(home, 'undo', 'board.load')).code).toBe(0);
    await later.says(new RegExp(`^${policy} \\{.*"every":"1min".*\\}$`, 'm'));
    await again.end();
  });

  it('runs on with the last good scheme when the new one is broken, and shows the problem everywhere', async () => {
    const { port, home, node } = await upAndReady('devices: {board: {publish: {every: 7s}}}');
    const good = `broker: {listen: ${port}}\n`;
    home.write(`${good}devices:\n  board: {publish: {every: 60}}\n`);
    await node.says(/HB210/);
    const status = await hanbusOnce(home, 'status');
    expect(status.text).toContain('HB210');
    expect(status.text).toMatch(/hanbus\.yaml:3:\d+/);
    expect(status.code).toBe(1);
    const client = subscribe(port);
    await client.says(/^hanbus\/den\/board\/load\/\$publish \{.*"every":"7s".*\}$/m);
    await node.end();
    const again = hanbus(home, 'up', '--name', 'den');
    await again.says(/points are being published/);
    expect(again.text()).toContain('HB210');
    const later = subscribe(port);
    await later.says(/^hanbus\/den\/board\/load\/\$publish \{.*"every":"7s".*\}$/m);
    home.write(`${good}devices:\n  board: {publish: {every: 9s}}\n`);
    await later.says(/^hanbus\/den\/board\/load\/\$publish \{.*"every":"9s".*\}$/m);
    await again.end();
  });

  it('harvests even when the very first scheme is broken', async () => {
    const home = makeHome('devices: [\n');
    const node = hanbus(home, 'up', '--name', 'den');
    await node.says(/points are being published/);
    expect(node.text()).toMatch(/HB20\d/);
    expect(await node.end()).toBe(0);
  });

  it('says who has its port and goes on', async () => {
    const port = await freePort();
    const other = run('mosquitto', ['-p', String(port)]);
    await other.says(/running/);
    const home = makeHome(`broker: {listen: ${port}}\n`);
    const node = hanbus(home, 'up', '--name', 'den');
    await node.says(/points are being published/);
    expect(node.text()).toContain('HB120');
    expect((await hanbusOnce(home, 'read', 'board.load')).code).toBe(0);
    await Promise.all([node.end(), other.end()]);
  });

  it('goes on in memory without a data directory, and says so', async () => {
    const port = await freePort();
    const home = makeHome(`broker: {listen: ${port}}\n`);
    writeFileSync(join(home.folder, 'data'), 'a file where the folder should be');
    const node = hanbus(home, 'up', '--name', 'den');
    await node.says(/points are being published/);
    expect(node.text()).toContain('HB122');
    await node.end();
  });
});

describe('a node without a folder for its socket', () => {
  it('publishes all the same, and says what is wrong', async () => {
    const port = await freePort();
    const home = makeHome(`broker: {listen: ${port}}\n`);
    writeFileSync(join(home.folder, 'run'), 'a file where the folder should be');
    const node = hanbus(home, 'up', '--name', 'den');
    await node.says(/HB124[\s\S]*points are being published/);
    const client = subscribe(port);
    await client.says(/^hanbus\/den\/board\/load [\d.]+$/m);
    await node.end();
  });
});

describe('a node with an external broker', () => {
  it('is lost by will when killed, and comes back', async () => {
    const port = await freePort();
    const mosquitto = run('mosquitto', ['-p', String(port)]);
    await mosquitto.says(/running/);
    const home = makeHome(`broker: {listen: off, engine: "mqtt://127.0.0.1:${port}"}\n`);
    const node = hanbus(home, 'up', '--name', 'den');
    const client = subscribe(port);
    await client.says(/^hanbus\/den\/\$state ready$/m);
    await client.says(/^hanbus\/den\/board\/load [\d.]+$/m);
    await node.end('SIGKILL');
    await client.says(/^hanbus\/den\/\$state lost$/m);
    const from = client.text().length;
    const again = hanbus(home, 'up', '--name', 'den');
    await client.says(/^hanbus\/den\/\$state ready$/m, from);
    const told = client.text().length;
    expect(await again.end('SIGTERM')).toBe(0);
    await client.says(/^hanbus\/den\/\$state disconnected$/m, told);
    await mosquitto.end();
  });
});
