import { readlinkSync } from 'node:fs';

/** Zones that every calendar knows. */
const REGIONS = 'Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific';
const PLAIN = new RegExp(`^(?:UTC|Etc/UTC|(?:${REGIONS})/[A-Za-z_/-]+)$`);

/**
 * The IANA name of the zone that this machine is in. `variable`: what `TZ` says. The calendar of JavaScript knows it too,
 * but takes 8 MB of tables into memory to tell it; it is asked when the machine does not say it plainly.
 */
export function systemTimeZone(variable: string | undefined, file = '/etc/localtime'): string {
  const name = variable === undefined || variable === '' ? linkedZone(file) : variable;
  return name !== undefined && PLAIN.test(name) ? name : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** By where the link of the system points: `/usr/share/zoneinfo/Europe/Paris`. */
function linkedZone(file: string): string | undefined {
  try {
    return readlinkSync(file).split('/zoneinfo/')[1];
  } catch {
    // No such file, or no link: the calendar knows what holds then.
    return undefined;
  }
}
