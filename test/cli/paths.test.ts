import { expect, it } from 'vitest';
import { findPaths } from '../../src/cli/paths.ts';

const world = { env: {}, cwd: '/work', home: '/home/ann', uid: 1_000 };

it('are those of the user by default', () => {
  expect(findPaths(world)).toEqual({
    config: '/home/ann/.config/hanbus/hanbus.yaml',
    secrets: '/home/ann/.config/hanbus/secrets.env',
    data: '/home/ann/.local/state/hanbus',
    runtime: '/tmp/hanbus-1000',
    cache: '/home/ann/.cache/hanbus',
    sockets: ['/tmp/hanbus-1000/api.sock', '/run/hanbus/api.sock'],
    demoRuntime: '/tmp/hanbus-1000/demo',
  });
});

it('follow the XDG folders, where they are absolute', () => {
  const env = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 'relative', XDG_RUNTIME_DIR: '/run/user/1000' };
  expect(findPaths({ ...world, env })).toMatchObject({
    config: '/c/hanbus/hanbus.yaml',
    data: '/home/ann/.local/state/hanbus',
    runtime: '/run/user/1000/hanbus',
  });
});

it('are those of the service under systemd', () => {
  const env = {
    CONFIGURATION_DIRECTORY: '/etc/hanbus',
    STATE_DIRECTORY: '/var/lib/hanbus:/var/lib/other',
    RUNTIME_DIRECTORY: '/run/hanbus',
  };
  expect(findPaths({ ...world, env })).toMatchObject({
    config: '/etc/hanbus/hanbus.yaml',
    secrets: '/etc/hanbus/secrets.env',
    data: '/var/lib/hanbus',
    sockets: ['/run/hanbus/api.sock'],
  });
});

it('obey HANBUS_ variables, and a flag before them', () => {
  const env = { HANBUS_CONFIG: 'a.yaml', HANBUS_DATA: 'd', HANBUS_RUNTIME: '/r', STATE_DIRECTORY: '/var/lib/hanbus' };
  expect(findPaths({ ...world, env }, 'b/c.yaml')).toMatchObject({
    config: '/work/b/c.yaml',
    secrets: '/work/b/secrets.env',
    data: '/work/d',
    runtime: '/r',
    sockets: ['/r/api.sock'],
  });
  expect(findPaths({ ...world, env }).config).toBe('/work/a.yaml');
});
