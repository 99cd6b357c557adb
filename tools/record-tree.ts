// Records a picture of this machine for test/trees: node tools/record-tree.ts <board> [folder]
// Serial numbers, hardware and network addresses and UUIDs are replaced by invented ones that stay apart from each other.
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const MAX_BYTES = 65_536;
const NUL = String.fromCharCode(0);

/** What is recorded, by subject; `*` is any name. */
const subjects: Readonly<Record<string, readonly string[]>> = {
  board: [
    '/proc/{loadavg,uptime,stat,meminfo,cpuinfo}',
    '/proc/1/{stat,comm}',
    '/proc/device-tree/{model,compatible}',
    '/sys/class/dmi/id/{sys_vendor,product_name,product_version,board_vendor,board_name}',
  ],
  disk: ['/proc/self/mountinfo', '/sys/dev/block/{8,179,253,254,259}:*/{stat,dev}', '/dev/disk/by-*/*'],
  gpio: ['/sys/bus/gpio/devices/*/{label,ngpio,uevent}'],
  hwmon: ['/sys/class/hwmon/*/{name,*_label,*_input,*_crit,*_max,*_min}', '/sys/class/hwmon/*/device/uevent'],
  iio: ['/sys/bus/iio/devices/*/{name,label,*_raw,*_scale,*_offset,*_input}'],
  leds: ['/sys/class/leds/*/{brightness,max_brightness,trigger}'],
  network: [
    '/proc/net/{dev,wireless,route,fib_trie}',
    '/sys/class/net/*/{address,addr_assign_type,carrier,operstate,type,uevent,device}',
  ],
  power: ['/sys/bus/platform/drivers/raspberrypi-firmware/*/get_throttled', '/sys/class/power_supply/*/{type,uevent}'],
  rtc: ['/sys/class/rtc/*/{name,date,time,since_epoch,hctosys}'],
  services: ['/run/systemd/timesync/synchronized', '/run/systemd/system'],
  thermal: ['/sys/class/thermal/thermal_zone*/{type,temp,mode}', '/sys/class/thermal/cooling_device*/{type,cur_state}'],
  usb: ['/sys/bus/usb/devices/*/{idVendor,idProduct,manufacturer,product,bDeviceClass,uevent}'],
};

const invented = new Map<string, string>();

function invent(real: string, make: (count: string) => string): string {
  const known = invented.get(real) ?? make((invented.size + 1).toString(16).padStart(2, '0'));
  invented.set(real, known);
  return known;
}

function harmless(text: string): string {
  return text
    .replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, (mac) =>
      /^(00:){5}00$/.test(mac) ? mac : invent(mac, (count) => `02:00:00:00:00:${count}`),
    )
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, (id) =>
      invent(id.toLowerCase(), (count) => `00000000-0000-4000-8000-0000000000${count}`),
    )
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, (ip) =>
      /^(0|10|127|172\.(1[6-9]|2\d|3[01])|192\.(168|0\.2)|255)\./.test(ip)
        ? ip
        : invent(ip, (count) => `198.51.100.${Number.parseInt(count, 16) % 256}`),
    )
    .replace(/^(Serial\s*:).*$/gim, '$1 0000000000000000')
    .replace(/^(SERIAL_NUMBER|.*_SERIAL\w*)=.*$/gim, '$1=0000');
}

/** Only what the agents look at; the rest of these files tells too much about the machine, or is long. */
function trimmed(path: string, text: string): string {
  const lines = text.split('\n');
  if (path.endsWith('/cpuinfo')) {
    const wanted = lines.filter((line) => /^(processor|vendor_id|model name|flags|Model|Revision|$)/.test(line));
    return wanted
      .join('\n')
      .replace(/^(flags\s*:).*$/gm, (all, key) => `${key} fpu${/ hypervisor/.test(all) ? ' hypervisor' : ''}`);
  }
  if (path.endsWith('/mountinfo')) {
    const usual = /^\d+ \d+ \S+ \S+ \/(?:|proc|sys|dev|run|boot\S*|home|sys\/fs\/cgroup) /;
    return lines.filter((line) => usual.test(line)).join('\n');
  }
  if (path === '/proc/stat') return lines.filter((line) => !line.startsWith('intr')).join('\n');
  return text;
}

function expand(pattern: string): string[] {
  const [, before, choices, after] = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  if (choices !== undefined) return choices.split(',').flatMap((one) => expand(`${before}${one}${after}`));
  let paths = [''];
  for (const part of pattern.split('/').slice(1)) {
    paths = part.includes('*') ? paths.flatMap((path) => matching(path, part)) : paths.map((path) => `${path}/${part}`);
  }
  return paths;
}

function matching(folder: string, part: string): string[] {
  const wanted = new RegExp(
    `^${part
      .split('*')
      .map((text) => text.replace(/[.+?()|[\]\\^$]/g, '\\$&'))
      .join('.*')}$`,
  );
  try {
    return readdirSync(folder)
      .filter((name) => wanted.test(name))
      .sort()
      .map((name) => `${folder}/${name}`);
  } catch {
    return []; // Not on this machine.
  }
}

/** Adds the links on the way to the path, then the file. */
function record(path: string, sections: Map<string, string>): void {
  let at = '';
  let rest = path.split('/').slice(1);
  while (rest.length > 0) {
    const [part, ...more] = rest;
    const next = `${at}/${part}`;
    rest = more;
    const stat = lstatSync(next, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isSymbolicLink() || next === '/proc/self') {
      at = next;
      continue;
    }
    const target = readlinkSync(next);
    sections.set(next, `=== ${next} --> ${target}\n`);
    const whole = resolve(dirname(next), target);
    rest = [...whole.split('/').slice(1), ...rest];
    at = '';
  }
  if (!sections.has(at)) sections.set(at, sectionOf(at));
}

function sectionOf(path: string): string {
  try {
    if (lstatSync(path).isDirectory()) return `=== ${path} !DIR\n`;
    const bytes = readFileSync(path).subarray(0, MAX_BYTES);
    const text = harmless(trimmed(path, bytes.toString('utf8'))).replace(/\n+$/, '');
    if (text.includes(NUL)) return `=== ${path} !NUL\n${text.split(NUL).filter(Boolean).join('\n')}\n`;
    return `=== ${path}\n${text}\n`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    return `=== ${path} !${code}\n`;
  }
}

function main(board: string | undefined, trees: string | undefined): void {
  if (board === undefined || !/^[a-z0-9-]+$/.test(board)) {
    throw new Error('name the board: node tools/record-tree.ts pi4-at-home');
  }
  const folder = new URL(
    `${board}/`,
    trees === undefined ? new URL('../test/trees/', import.meta.url) : pathToFileURL(`${trees}/`),
  );
  mkdirSync(folder, { recursive: true });
  for (const [subject, patterns] of Object.entries(subjects)) {
    const sections = new Map<string, string>();
    for (const path of patterns.flatMap(expand)) record(path, sections);
    if (subject === 'disk') {
      const { bsize, blocks, bfree, bavail } = statfsSync('/');
      sections.set('space', `=== / !SPACE ${blocks * bsize} ${bfree * bsize} ${bavail * bsize}\n`);
    }
    if (sections.size === 0) continue;
    const head = 'Recorded by tools/record-tree.ts; addresses and serial numbers are replaced.\n\n';
    writeFileSync(new URL(`${subject}.txt`, folder), head + [...sections.values()].join('\n'));
  }
}

main(process.argv[2], process.argv[3]);
