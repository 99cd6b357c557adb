import type { CodeFacts } from './code-facts.ts';

/** The outbox: what waits for destinations. */
export const OUTBOX_CODES: readonly CodeFacts[] = [
  {
    code: 'HB370',
    title: 'The outbox does not take it now',
    why: 'What must not be lost is accepted only when it is on the disk, and the disk refuses. Nothing was promised.',
    fix: 'Free some space, or make the data directory writable for hanbus; then send it again.',
    example: 'df -h\nhanbus outbox',
    exit: 75,
  },
  {
    code: 'HB371',
    title: 'The outbox cannot be kept on disk',
    why: 'Writing failed twice, in two files. What may be lost waits in memory, what must not be lost is refused, and the disk is tried again every few seconds.',
    fix: 'Free some space, make the data directory writable, or change the card or disk.',
    example: 'df -h\nhanbus outbox',
    exit: 75,
  },
  {
    code: 'HB372',
    title: 'The outbox is full',
    why: 'A destination is away for so long that the bounds of the outbox (64 MB, 200,000 items) are reached, and nothing that may be lost is left to give up.',
    fix: 'Bring the destination back, or take it out of the scheme.',
    example: 'hanbus outbox',
    exit: 75,
  },
  {
    code: 'HB373',
    title: 'A message is too large for the outbox',
    why: 'One message may have 1 MB at most; a larger one would push out all others.',
    fix: 'Send it in parts, or set `keep: none` for it.',
    exit: 1,
  },
  {
    code: 'HB374',
    title: 'The outbox cannot have this reader',
    why: 'It has 31 readers at most, each once, and names that begin with `?` and a number are its own.',
    fix: 'Take destinations that are not used any more out of the scheme.',
    exit: 1,
  },
  {
    code: 'HB375',
    title: 'The disk is nearly full',
    why: 'Less than 100 MB are free: history is not written any more. Below 50 MB what may be lost waits in memory only.',
    fix: 'Free some space.',
    example: 'df -h',
    exit: 75,
  },
  {
    code: 'HB376',
    title: 'Something that waited for a destination is lost',
    why: 'The outbox was full, something in it became too old, a file of it was damaged, or the node was stopped hard. The destination was away for too long, or the disk is failing. The counts say how much is lost.',
    fix: 'Look at the reason. `keep: latest` or `last N` keeps less and so reaches further back for the other points.',
    example: 'hanbus outbox',
    exit: 1,
  },
];
