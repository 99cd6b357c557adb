import type { CodeFacts } from './code-facts.ts';

/** Included files, secrets, addresses, what waits for a later version. */
export const FILE_CODES: readonly CodeFacts[] = [
  {
    code: 'HB260',
    title: 'An included file is not there',
    why: 'The name or pattern under `include:` matches no file that can be read.',
    fix: 'Check the name. Paths start at the directory of the file that includes.',
    example: 'include: [rooms/*.yaml]',
  },
  {
    code: 'HB261',
    title: 'Files include each other in a circle',
    why: 'A file includes itself, directly or through others.',
    fix: 'Delete the marked include.',
  },
  {
    code: 'HB262',
    title: 'An include leaves the configuration directory',
    why: 'Only files below the directory of the main file are read, so that a scheme cannot pull in any file of the machine.',
    fix: 'Copy the file below that directory and include it there.',
  },
  {
    code: 'HB263',
    title: 'Too many included files',
    why: 'A scheme may have 64 files and includes 8 levels deep.',
    fix: 'Put several files into one.',
  },
  {
    code: 'HB270',
    title: 'A secret stands in the scheme',
    why: 'Schemes are copied, shown and shared; a password in one is soon known. Secrets are written $NAME and kept elsewhere.',
    fix: 'Put the value into the secrets file or the environment and its name into the scheme.',
    example:
      '# and a line ENGINE_PASSWORD=... in secrets.env\nbroker: {engine: {url: mqtt://192.168.1.20, user: hanbus, password: $ENGINE_PASSWORD}}',
  },
  {
    code: 'HB271',
    title: 'A secret is not set',
    why: 'Neither the environment nor the secrets file has a value for this name. What needs it will not work.',
    fix: 'Add a line NAME=value to the secrets file; `hanbus info` prints where it is.',
    example: 'hanbus info',
  },
  {
    code: 'HB280',
    title: 'The listening address is not understood',
    why: '`listen` is a port, an address with a port, or off.',
    fix: 'Write one of the forms below.',
    example: 'broker: {listen: 1883}\nbroker: {listen: "127.0.0.1:1884"}\nbroker: {listen: off}',
  },
  {
    code: 'HB281',
    title: 'The address of the engine is not understood',
    why: 'An engine is an MQTT broker at mqtt://host:port, or mqtts://host:port with TLS.',
    fix: 'Write its address in that form; user and password are keys of their own.',
    example: 'broker: {engine: mqtt://192.168.1.20:1883}',
  },
  {
    code: 'HB290',
    title: 'Not yet run by this version',
    why: 'The key belongs to the scheme language, but this version of hanbus does not act on it. It is checked, kept and ignored.',
    fix: 'Nothing. It will work with a later version.',
  },
];
