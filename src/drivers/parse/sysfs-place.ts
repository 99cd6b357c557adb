/**
 * Where a device hangs, from its real path below /sys/devices, without the numbers that depend on the order of
 * finding: `i2c-1:0x76`, `pci/0000:01:00.0`, `usb/1-1.2`, `spi0.0`, `1wire:28-0316a2794cff`, `platform/coretemp.0`.
 * The address nearest to the device counts. Undefined when the path is not below /sys/devices.
 */
export function sysfsPlace(realPath: string): string | undefined {
  const parts = realPath.split('/');
  if (parts[1] !== 'sys' || parts[2] !== 'devices') return undefined;
  const steps = parts.slice(3);
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const place = addressIn(steps[index] ?? '');
    if (place !== undefined) return [place, ...steps.slice(index + 1).filter(isPort)].join('/');
  }
  const fixed = steps.filter((step) => !isNumbered(step));
  return fixed.length === 0 ? undefined : fixed.join('/');
}

function addressIn(step: string): string | undefined {
  const i2c = /^(\d+)-00([0-9a-f]{2})$/.exec(step);
  if (i2c !== null) return `i2c-${i2c[1]}:0x${i2c[2]}`;
  if (/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(step)) return `pci/${step}`;
  if (/^[0-9a-f]{2}-[0-9a-f]{12}$/.test(step)) return `1wire:${step}`;
  if (/^\d+-\d+(?:\.\d+)*$/.test(step)) return `usb/${step}`;
  return /^spi\d+\.\d+$/.test(step) ? step : undefined;
}

/** Steps below an address that are wired, not counted: the port of a disk controller. */
function isPort(step: string): boolean {
  return /^ata\d+$/.test(step);
}

/** Folders whose number is the order in which the kernel found things. */
function isNumbered(step: string): boolean {
  return /^(?:hwmon|iio:device|thermal_zone|input|rtc|cooling_device|i2c-|nvme)\d*$/.test(step) || step === 'virtual';
}
