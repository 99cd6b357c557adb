import { headerPin, LAST_GPIO } from './header-pins.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { isRecord, shortValue, sortOf } from './yaml-value.ts';

type Told = Omit<PathProblem, 'path'>;

/** Checks the form of one `at:`. Returns the place when it can be used. */
export function checkPlace(raw: unknown, path: Path, problems: PathProblem[]): string | undefined {
  const told = placeProblem(raw);
  if (told !== undefined) problems.push({ path, ...told });
  return told === undefined && typeof raw === 'string' ? raw : undefined;
}

function placeProblem(raw: unknown): Told | undefined {
  if (typeof raw === 'number') return bareNumber(raw);
  if (typeof raw !== 'string' || raw.trim() === '') return notText(raw);
  const text = raw.trim();
  if (/^gpio(?:1?\d|2[0-7])$/.test(text)) return undefined;
  return headerProblem(text) ?? gpioProblem(text) ?? i2cProblem(text) ?? otherProblem(text);
}

function notText(raw: unknown): Told {
  const [bus, address] = isRecord(raw) ? [raw.bus, raw.address] : [undefined, undefined];
  const fix = typeof bus === 'number' && typeof address === 'number' ? { fix: `at: i2c-${bus}:${hex(address)}` } : {};
  return told(`at needs one text, not ${sortOf(raw)}`, 'write a place as hanbus scan lists it', fix);
}

function told(message: string, suggestion: string, fix: { fix?: string } = {}): Told {
  return { code: 'HB223', message, suggestion, ...fix };
}

/** YAML reads 0x48 as 72, so a bare number above the pins is taken for an I2C address. */
function bareNumber(value: number): Told {
  if (value > 40) {
    return told(`at: ${value} (${hex(value)}) names no bus`, 'an address needs its bus', {
      fix: `at: i2c-1:${hex(value)}`,
    });
  }
  if (value > LAST_GPIO) return headerTold(value, String(value));
  const pin = headerPin(value);
  const other = pin?.startsWith('gpio') === true ? `; pin ${value} of the connector would be ${pin}` : '';
  return told(`at: ${value} is only a number`, `a GPIO line is written gpio${value}${other}`, {
    fix: `at: gpio${value}`,
  });
}

const HEADER_WORDS = /^(?:physical|header|board|pin|p1|j8)[\s_:-]*(?:pin[\s_:-]*)?(\d{1,2})$/i;

function headerProblem(text: string): Told | undefined {
  const pin = HEADER_WORDS.exec(text)?.[1];
  return pin === undefined ? undefined : headerTold(Number(pin), text);
}

function headerTold(pin: number, text: string): Told {
  const carried = headerPin(pin);
  if (carried === undefined) {
    return {
      code: 'HB222',
      message: `"${text}": the connector has pins 1 to 40`,
      suggestion: 'write the GPIO line',
      fix: 'at: gpio17',
    };
  }
  if (!carried.startsWith('gpio')) {
    const message = `"${text}" is a place on the connector; it carries ${carried} and cannot be switched`;
    return {
      code: 'HB220',
      message,
      suggestion: 'use a pin that carries a GPIO line; pin 11 is gpio17',
      fix: 'at: gpio17',
    };
  }
  const message = `"${text}" is a place on the connector; it carries ${carried}`;
  return { code: 'HB220', message, suggestion: 'write the GPIO line', fix: `at: ${carried}` };
}

function gpioProblem(text: string): Told | undefined {
  const line = /^(?:gpio|bcm)[\s_:-]*(\d+)$/i.exec(text)?.[1];
  if (line === undefined) return undefined;
  const value = Number(line);
  if (value > LAST_GPIO) {
    const message = `there is no gpio${value}; the 40-pin connector has gpio0 to gpio${LAST_GPIO}`;
    const pin = headerPin(value);
    const fix = pin?.startsWith('gpio') === true ? { fix: `at: ${pin}` } : { fix: 'at: gpio17' };
    return { code: 'HB222', message, suggestion: `pin ${value} of the connector carries ${pin ?? 'nothing'}`, ...fix };
  }
  if (text === `gpio${value}`) return undefined;
  return told(`a GPIO line is written gpio${value}`, `did you mean gpio${value}?`, { fix: `at: gpio${value}` });
}

function i2cProblem(text: string): Told | undefined {
  const bare = /^0x([\da-f]{1,2})$/i.exec(text)?.[1];
  if (bare !== undefined) return told(`${text} names no bus`, 'an address needs its bus', { fix: `at: i2c-1:${text}` });
  const match = /^(?:\/dev\/)?i2c[-_:]?(\d+)[:@/ -]+(0x)?([\da-f]+)$/i.exec(text);
  if (match === null) return undefined;
  const [, bus, prefix, digits = ''] = match;
  const address = Number.parseInt(digits, 16);
  if (address < 0x03 || address > 0x77) {
    const decimal = prefix === undefined && /^\d+$/.test(digits) ? hex(Number(digits)) : undefined;
    const fix = decimal !== undefined && Number(digits) <= 0x77 ? { fix: `at: i2c-${bus}:${decimal}` } : {};
    const message = `${text}: I2C addresses run from 0x03 to 0x77`;
    return { code: 'HB222', message, suggestion: 'take the address that hanbus scan lists', ...fix };
  }
  const right = `i2c-${bus}:${hex(address)}`;
  if (text === right) return undefined;
  return told(`an I2C place is written ${right}`, `did you mean ${right}?`, { fix: `at: ${right}` });
}

function otherProblem(text: string): Told | undefined {
  if (/^(?:28|22|10|3b|42|26|29)-[\da-f]{6,12}$/i.test(text)) {
    return told(`${text} names no bus`, 'a 1-wire place starts with 1wire:', {
      fix: `at: 1wire:${text.toLowerCase()}`,
    });
  }
  if (/^tty[A-Z]+\d+$/.test(text)) {
    return told(`${text} is not a whole path`, 'a serial port is written with /dev/', { fix: `at: /dev/${text}` });
  }
  if (/^(?:sim|board|[a-z0-9][a-z0-9_.-]*:\S.*|\/dev\/\S+)$/i.test(text)) return undefined;
  return told(`"${shortValue(text)}" is not a place`, 'write a place as hanbus scan lists it, or leave at: out', {
    fix: 'hanbus scan',
  });
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
