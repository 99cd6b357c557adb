import type { CodeFacts } from './code-facts.ts';

/** Units, places, names. */
export const VALUE_CODES: readonly CodeFacts[] = [
  {
    code: 'HB210',
    title: 'The unit is missing',
    why: 'A bare number says nothing where a unit matters: 60 may be seconds or minutes.',
    fix: 'Write the unit right after the number.',
    example: 'publish: {every: 60s}',
  },
  {
    code: 'HB211',
    title: 'The unit does not fit',
    why: 'The unit is unknown, or measures something else than what is needed here.',
    fix: 'Use one of the units that the message names. Times: ms, s, min, h, d, w.',
    example: 'publish: {every: 5min}',
  },
  {
    code: 'HB212',
    title: 'Not an amount that makes sense here',
    why: 'It is not a number with a unit, or it is zero or negative where only more makes sense.',
    fix: 'Write a number above zero with its unit.',
    example: 'publish: {every: 5s}',
  },
  {
    code: 'HB220',
    title: 'A place on the connector instead of a GPIO number',
    why: 'Pins of the 40-pin connector and GPIO lines are numbered differently. hanbus uses GPIO numbers only.',
    fix: 'Write the gpio that the message names.',
    example: 'at: gpio17   # pin 11 of the connector',
  },
  {
    code: 'HB221',
    title: 'The place is in use',
    why: 'Two devices cannot share one pin or one address, and pins of an active bus cannot be used for anything else.',
    fix: 'Choose a free pin or address; the message names some.',
  },
  {
    code: 'HB222',
    title: 'There is no such pin or address',
    why: 'The 40-pin connector carries gpio0 to gpio27; I2C addresses of devices run from 0x03 to 0x77.',
    fix: 'Choose one of these.',
    example: 'at: gpio17',
  },
  {
    code: 'HB223',
    title: 'The place is not understood',
    why: '`at:` names where a device is attached, in the form that `hanbus scan` prints.',
    fix: 'Write one of the forms below, or leave `at:` out when only one device matches.',
    example: 'at: i2c-1:0x76\nat: gpio17\nat: 1wire:28-0316a2794cff\nat: /dev/ttyUSB0',
  },
  {
    code: 'HB230',
    title: 'The name cannot be used',
    why: 'Names become parts of topics: they start with a small letter and go on with small letters, digits and _, 32 at most.',
    fix: 'Use the name that is suggested.',
    example: 'node: living_room',
  },
  {
    code: 'HB231',
    title: 'The name is reserved',
    why: 'at, home and local have a meaning of their own in topics.',
    fix: 'Choose another name for the node.',
    example: 'node: kitchen',
  },
  {
    code: 'HB232',
    title: 'Said twice, in two files',
    why: 'The same device, or the same setting of the node, is in two files. hanbus does not choose between them.',
    fix: 'Keep one of the two; keys of one device go under one name, in one file.',
  },
  {
    code: 'HB233',
    title: 'There is no such kind of device',
    why: 'No driver of this version has this name.',
    fix: 'Check the spelling; `hanbus scan` names the kinds it found.',
    example: 'hanbus scan',
  },
  {
    code: 'HB234',
    title: 'Two points of a device have one name',
    why: 'Both would publish on the same topic.',
    fix: 'Give one of them another name.',
    example: 'devices:\n  board: {points: {load: {name: load_1min}}}',
  },
];
