/** Columns of the first line of /proc/stat that count waiting: idle and iowait. */
const WAITING: readonly number[] = [3, 4];
/** user, nice, system, idle, iowait, irq, softirq, steal; the guest columns after them are within user and nice. */
const COLUMNS = 8;

/** Answers the use of all cores in % since the call before, from the text of /proc/stat; undefined at first. */
export function makeCpuUse(): (stat: string) => number | undefined {
  let before: readonly number[] | undefined;
  return (stat) => {
    const now = ticksOf(stat);
    const last = before;
    before = now;
    if (now === undefined || last === undefined) return undefined;
    // A core that was switched off, or iowait, can count back.
    const grown = now.map((ticks, column) => Math.max(ticks - (last[column] ?? ticks), 0));
    const total = grown.reduce((sum, ticks) => sum + ticks, 0);
    const waiting = WAITING.reduce((sum, column) => sum + (grown[column] ?? 0), 0);
    return total === 0 ? undefined : (100 * (total - waiting)) / total;
  };
}

function ticksOf(stat: string): readonly number[] | undefined {
  const [name, ...fields] = (stat.split('\n', 1)[0] ?? '').trim().split(/ +/);
  const ticks = fields.slice(0, COLUMNS).map((field) => (/^\d{1,19}$/.test(field) ? Number(field) : Number.NaN));
  return name === 'cpu' && ticks.length >= 4 && !ticks.some(Number.isNaN) ? ticks : undefined;
}
