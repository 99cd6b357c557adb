import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const ECHO_MS = 500;
const ORPHAN_MS = 500;

/**
 * Runs a command to its end and resolves with { code, output }. Quiet commands collect their output, others share
 * our terminal.
 */
export function run(command, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit', ...options });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString() }),
    );
  });
}

/**
 * Runs a program in the foreground and resolves with its exit code. The child gets its own process group: Ctrl-C in
 * a terminal reaches us (and npm, which passes it on to us again), and we tell the child exactly once.
 */
export function runForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options, detached: true });
    const stopForwarding = forwardSignals(child);
    child.on('error', (error) => {
      stopForwarding();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      stopForwarding();
      resolve(exitCode(code, signal));
    });
  });
}

function forwardSignals(child) {
  let last = Number.NEGATIVE_INFINITY;
  const forward = (signal) => {
    const now = performance.now();
    if (now - last >= ECHO_MS) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    last = now;
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  // npm tells its shell to end, and the shell tells nobody: without its parent this process ends what it started.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) forward('SIGTERM');
  }, ORPHAN_MS);
  return () => {
    clearInterval(watch);
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}

/** As shells count: 128 + number of the signal. */
function exitCode(code, signal) {
  if (code !== null) return code;
  return 128 + (constants.signals[signal] ?? 0);
}
