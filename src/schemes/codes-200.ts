import type { CodeFacts } from './code-facts.ts';

/** YAML and the shape of a scheme. */
export const SHAPE_CODES: readonly CodeFacts[] = [
  {
    code: 'HB200',
    title: 'The file is not YAML',
    why: 'A bracket, quote, colon or indentation is wrong, so it is not clear what belongs to what.',
    fix: 'Look at the marked place and the line above it.',
    example: 'devices:\n  fridge:\n    kind: ds18b20\n    at: 1wire:28-0316a2794cff',
  },
  {
    code: 'HB201',
    title: 'A line starts with a tab',
    why: 'YAML indents with spaces only; how wide a tab is would be a guess.',
    fix: 'Repair the file.',
    example: 'hanbus fmt',
  },
  {
    code: 'HB202',
    title: 'A part of YAML that schemes do not use',
    why: 'Anchors, aliases, merge keys, tags and several documents in one file are off: they hide what a scheme says, and a small file can grow without limit.',
    fix: 'Write the value itself. For a secret write $NAME, for another file use `include:`.',
    example:
      'include: [rooms/*.yaml]\nbroker: {engine: {url: mqtt://192.168.1.20, user: hanbus, password: $ENGINE_PASSWORD}}',
  },
  {
    code: 'HB203',
    title: 'The file is too big, too deep, or not text',
    why: 'A scheme is UTF-8 text of 1 MB at most, nested 32 levels at most. Anything else is a mistake or an attack.',
    fix: 'Split it with `include:`, or save it as UTF-8.',
    example: 'iconv -f latin1 -t utf-8 old.yaml > hanbus.yaml',
  },
  {
    code: 'HB204',
    title: 'Unknown key',
    why: 'This word has no meaning at this place. Ignoring it would hide a typing error.',
    fix: 'Use the word that is suggested, or move the key where it belongs.',
    example: 'devices:\n  fridge: {kind: ds18b20, points: {temperature: {round: 1}}}',
  },
  {
    code: 'HB205',
    title: 'The wrong kind of value',
    why: 'A list stands where a map is needed, a text where a number is needed, or the other way round.',
    fix: 'Write the form that the message shows.',
    example: 'devices:        # a map: name, colon, kind\n  fridge: ds18b20\ninclude: [rooms.yaml]   # a list',
  },
  {
    code: 'HB206',
    title: 'The value is not allowed',
    why: 'The value is of the right kind, but outside its limits or not one of the words that are possible.',
    fix: 'Use a value that the message names.',
    example: 'publish: {qos: 1, round: 2}',
  },
  {
    code: 'HB207',
    title: 'A key is missing',
    why: 'Without it hanbus would have to guess.',
    fix: 'Add the key that the message names.',
    example: 'devices:\n  system_disk: {kind: disk, mount: /}',
  },
  {
    code: 'HB209',
    title: 'A key stands twice',
    why: 'Only one of the two could count, and the other would be ignored silently.',
    fix: 'Delete one, or put both contents under one key.',
    example: 'devices:\n  fridge: {kind: ds18b20, publish: {every: 5min, round: 1}}',
  },
];
