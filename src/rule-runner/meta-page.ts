import { jsonIn } from '../schemes/json-text.ts';
import { isName } from '../schemes/names.ts';
import { isPointType, type PointSpec, type Points } from '../schemes/point.ts';
import { isRecord } from '../schemes/yaml-value.ts';

const MOST_POINTS = 500;
const LONGEST_PAGE = 262_144;

/** The points in a `$meta` page, also of a peer of another version; undefined when it is none. */
export function pointsInMeta(text: string): Points | undefined {
  if (text.length > LONGEST_PAGE) return undefined;
  const page = jsonIn(text);
  return isRecord(page) ? pointsIn(page.points) : undefined;
}

/** Specs by name, as JSON keeps them; what is no spec is left out. */
export function pointsIn(stored: unknown): Points | undefined {
  if (!isRecord(stored)) return undefined;
  const specs = Object.entries(stored).flatMap(([name, raw]): [string, PointSpec][] => {
    const spec = isName(name) ? specIn(raw) : undefined;
    return spec === undefined ? [] : [[name, spec]];
  });
  return Object.fromEntries(specs.slice(0, MOST_POINTS));
}

/** Only what rules need. */
function specIn(raw: unknown): PointSpec | undefined {
  if (!isRecord(raw) || !isPointType(raw.type)) return undefined;
  const { type, unit, range, values, decimals, retain, settable, once } = raw;
  return {
    type,
    ...(typeof unit === 'string' && { unit }),
    ...(isRange(range) && { range }),
    ...(Array.isArray(values) && { values: values.filter((word) => typeof word === 'string') }),
    ...(typeof decimals === 'number' && { decimals }),
    ...(typeof retain === 'boolean' && { retain }),
    ...(typeof settable === 'boolean' && { settable }),
    ...(typeof once === 'boolean' && { once }),
  };
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'number');
}
