import type { CodeFacts } from './code-facts.ts';

/** History and the flash budget. */
export const HISTORY_CODES: readonly CodeFacts[] = [
  {
    code: 'HB380',
    title: 'More is written to the disk than a card likes',
    why: 'The node writes more than 200 MB a day, which wears an SD card out in months. Readings are gathered for 5 minutes instead of one until it is less.',
    fix: 'Look which store writes most (hanbus status --json, part flash), and let busy points publish less: at_most, on_change.',
    example: 'devices:\n  soil: {publish: {at_most: 10s, on_change: 2%}}',
    exit: 1,
  },
  {
    code: 'HB381',
    title: 'History cannot be kept',
    why: 'The disk is full, read-only or failing, or another process has the file of the history. Everything else of the node goes on, and history comes back by itself.',
    fix: 'Free some space, or make the data directory writable for hanbus.',
    example: 'df -h /var/lib/hanbus; ls -l /var/lib/hanbus',
    exit: 1,
  },
  {
    code: 'HB382',
    title: 'Too little space for history',
    why: 'Less than 100 MB are free. The rest is left to what matters more: commands, settings, what waits for a bridge.',
    fix: 'Free some space; history comes back by itself.',
    example: 'df -h /var/lib/hanbus',
    exit: 1,
  },
  {
    code: 'HB383',
    title: 'The history was damaged',
    why: 'Bytes of the history are not what hanbus wrote, which a power cut does not do but a failing or worn disk or card does. What could be read was taken over; the damaged file is kept with .bad at its end.',
    fix: 'Nothing. If it comes again, change the card.',
    exit: 1,
  },
  {
    code: 'HB384',
    title: 'History waits for the clock',
    why: 'Nobody has set the clock of this board since it started, so readings have no time. They wait in memory, 20,000 at most. After ten minutes a clock that shows a time after the newest reading is believed, and the readings are marked uncertain.',
    fix: 'Let the board reach a time server, or give it a clock (RTC).',
    example: 'timedatectl set-ntp true',
    exit: 1,
  },
  {
    code: 'HB385',
    title: 'A question about history makes no sense',
    why: 'The time asked for ends before it begins, or there are too many or too few pieces.',
    fix: 'Ask as the message shows.',
    example: 'hanbus history board.load --since 24h --buckets 48',
    exit: 2,
  },
  {
    code: 'HB386',
    title: 'This Node has no SQLite',
    why: 'History is kept in SQLite, which Node has built in since 22.13. The node runs on without history.',
    fix: 'Use Node 22.13 or newer; `npm start` in a checkout brings the right one.',
    exit: 1,
  },
];
