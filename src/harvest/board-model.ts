import { attribute } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';

export interface BoardModel {
  /** As the maker calls it: `Raspberry Pi 4 Model B Rev 1.4`. */
  readonly model: string;
  /** For one line: `Raspberry Pi 4B`. */
  readonly short: string;
  /** Of the board, where it is known: `c03114`. */
  readonly revision?: string;
}

const LONGEST = 60;

/** What this board is: by its device tree, else the maker's table of a PC, else its processor. Never throws for nonsense. */
export async function boardModel(files: FilesPort): Promise<BoardModel> {
  const cpuinfo = (await attribute(files, '/proc/cpuinfo')) ?? '';
  const revision = /^Revision\s*: ([0-9a-f]{4,8})$/m.exec(cpuinfo)?.[1];
  const tree = sane(await attribute(files, '/proc/device-tree/model'));
  if (tree !== undefined)
    return { model: tree, short: shortened(tree), ...(revision === undefined ? {} : { revision }) };
  return (await machineOf(files)) ?? processorOf(cpuinfo);
}

/** `Raspberry Pi 3 Model A Plus Rev 1.0` -> `Raspberry Pi 3A+`. */
function shortened(model: string): string {
  return model
    .replace(/ Rev \S+$/, '')
    .replace(/ Model /, ' ')
    .replace(/ Plus\b/, '+')
    .replace(/^(Raspberry Pi \d+) ([AB])(?=\+|$)/, '$1$2');
}

const virtualMakers =
  /^(?:QEMU|VMware|Xen|innotek|Parallels|Bochs|KVM|Google|Amazon EC2|OpenStack|DigitalOcean|Hetzner)/i;
const virtualProducts = /^(?:Virtual Machine|VirtualBox|Standard PC|KVM|HVM domU|.*Virtual Platform)/i;

async function machineOf(files: FilesPort): Promise<BoardModel | undefined> {
  const fact = async (name: string) => sane(await attribute(files, `/sys/class/dmi/id/${name}`));
  const maker = (await fact('sys_vendor')) ?? (await fact('board_vendor'));
  const product = (await fact('product_name')) ?? (await fact('board_name'));
  if (product === undefined) return undefined;
  const model = maker === undefined || product.startsWith(maker) ? product : `${maker} ${product}`;
  if (virtualMakers.test(maker ?? '') || virtualProducts.test(product)) return { model, short: 'virtual machine' };
  // Lenovo puts the name that people know where others put a version.
  const version = maker === 'LENOVO' ? await fact('product_version') : undefined;
  return version === undefined
    ? { model, short: model }
    : { model: `${maker} ${version} (${product})`, short: version };
}

function processorOf(cpuinfo: string): BoardModel {
  const processor = sane(/^(?:model name|Model|Hardware|Processor)\s*: (.+)$/m.exec(cpuinfo)?.[1]);
  const model = processor ?? 'unknown board';
  return /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo) ? { model, short: 'virtual machine' } : { model, short: model };
}

const placeholders =
  /^(?:to be filled|default string|system (?:product|manufacturer|version)|not specified|o\.?e\.?m\.?$|none$|unknown$|n\/a$|x\.x$)/i;

/** Undefined for what is no name: filler of the maker, binary junk. */
function sane(text: string | undefined): string | undefined {
  const plain = text?.trim();
  if (plain === undefined || plain === '' || placeholders.test(plain)) return undefined;
  return /^[\x20-\x7e\u00a0-\u024f]+$/.test(plain) ? plain.slice(0, LONGEST) : undefined;
}
