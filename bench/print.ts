/** What a bench found, by name with its unit. */
export type Figures = Readonly<Record<string, number>>;

/** The last line of a bench is its figures as JSON; bench.mjs collects them. */
export function print(figures: Figures): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Processor seconds that a process has used so far, user and system; Linux counts in hundredths. */
export function cpuSecondsOf(stat: string): number {
  // The name of the program may hold spaces; everything after its closing bracket is plain.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory in MB of 10^6 bytes. */
export function residentMb(status: string): number {
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
}
