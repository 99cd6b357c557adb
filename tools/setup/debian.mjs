import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';
import { say } from './say.mjs';

/**
 * Programs that tests compare hanbus with, and the Debian package of each. A path is a file that must be there.
 * @type {Readonly<Record<string, string>>}
 */
const FOR_TESTS = {
  mosquitto: 'mosquitto',
  mosquitto_sub: 'mosquitto-clients',
  strace: 'strace',
  '/usr/lib/python3/dist-packages/paho/mqtt/client.py': 'python3-paho-mqtt',
};
/**
 * Brokers that `npm run bench -- broker` starts beside ours.
 * @type {Readonly<Record<string, string>>}
 */
export const FOR_BENCH = { mosquitto: 'mosquitto', 'nats-server': 'nats-server' };
/** Packages that bring a service of their name. */
const SERVICES = ['mosquitto', 'nats-server'];
const POLICY = '/usr/sbin/policy-rc.d';

export function isInstalled(program, path = process.env.PATH ?? '') {
  return [...path.split(delimiter), '/usr/sbin'].some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs what is missing, when we are root on a Debian. Elsewhere it says what to install and goes on; `purpose` says
 * who goes without.
 */
export async function installDebianPackages(programs = FOR_TESTS, purpose = 'tests against Mosquitto') {
  const isThere = (name) => (name.startsWith('/') ? existsSync(name) : isInstalled(name));
  const missing = Object.keys(programs).filter((name) => !isThere(name));
  if (missing.length === 0) return;
  const packages = missing.map((program) => programs[program]);
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    say(`${purpose} are skipped; to run them: sudo apt install ${packages.join(' ')}`);
    return;
  }
  say(`installing ${packages.join(', ')} for ${purpose}`);
  await withoutServices(() => aptInstall(packages, purpose));
}

async function aptInstall(packages, purpose) {
  const options = { quiet: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const updated = await run('apt-get', ['update'], options);
  const installed = await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
  if (installed.code !== 0) {
    say(`apt-get failed, ${purpose} are skipped:\n${updated.output}${installed.output}`.trim());
    return;
  }
  for (const name of SERVICES) if (packages.includes(name)) await keepOff(name);
}

/** Debian starts a service when its package is installed; a policy file that answers 101 forbids it. */
async function withoutServices(work) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

/** The service of a package would take its port (1883, 4222) at the next start of the machine. */
async function keepOff(service) {
  // The script of a package would call it so; it refuses to work for anybody else.
  const env = { ...process.env, DPKG_MAINTSCRIPT_PACKAGE: service };
  await tryRun('deb-systemd-helper', ['disable', `${service}.service`], { env });
  // Not every service has a script of the old kind.
  if (existsSync(join('/etc/init.d', service))) await tryRun('update-rc.d', [service, 'disable']);
}

async function tryRun(command, args, options = {}) {
  if (!isInstalled(command)) return;
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) say(`${command} ${args.join(' ')} failed: ${output.trim()}`);
}
