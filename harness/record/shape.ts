/**
 * What a value must be, told twice: a test that is quick, since it sees every record of a run, and a finding in words for
 * the one value that fails it. Keys that no shape names are let through: a newer visavis may have more to say.
 */

export interface Misfit {
  /** JSON Pointer (RFC 6901) of the value; '' is the whole record. */
  readonly pointer: string;
  /** In words: `a number or null`. */
  readonly expected: string;
  /** In words, at most a few of them from the value itself. */
  readonly came: string;
}

export interface Shape {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
  /** Of a value that does not hold, which stands at `pointer`. */
  readonly misfit: (value: unknown, pointer: string) => Misfit;
}

/** A value without parts. */
export function plain(words: string, holds: (value: unknown) => boolean): Shape {
  return { words, holds, misfit: (value, pointer) => ({ pointer, expected: words, came: described(value) }) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = plain('a text', (value) => typeof value === 'string');
export const number = plain('a number', (value) => typeof value === 'number' && Number.isFinite(value));
export const flag = plain('true or false', (value) => typeof value === 'boolean');
export const object = plain('an object', isObject);
/** Times in ms, sizes, counts: beyond 2^53 - 1, sums of them would be no numbers any more. */
export const amount = plain(
  'a number from 0 to 2^53 - 1',
  (value) => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER,
);
export const count = plain(
  'a whole number from 0 to 2^53 - 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const whole = plain('a whole number', (value) => Number.isSafeInteger(value));

export const one = (...values: readonly (string | number | undefined)[]): Shape =>
  plain(
    values.map((value) => (value === undefined ? 'nothing' : JSON.stringify(value))).join(' or '),
    (value) => (values as readonly unknown[]).includes(value),
  );

export const orNull = (shape: Shape): Shape => ({
  words: `${shape.words} or null`,
  holds: (value) => value === null || shape.holds(value),
  misfit: (value, pointer) => widened(shape.misfit(value, pointer), pointer, 'null'),
});

/** May be missing, but not null. */
export const optional = (shape: Shape): Shape => ({
  words: `${shape.words} or nothing`,
  holds: (value) => value === undefined || shape.holds(value),
  misfit: (value, pointer) => widened(shape.misfit(value, pointer), pointer, 'nothing'),
});

/** What else might stand there is said where it might, not of the parts of what came. */
function widened(misfit: Misfit, pointer: string, other: string): Misfit {
  return misfit.pointer === pointer ? { ...misfit, expected: `${misfit.expected} or ${other}` } : misfit;
}

export function listOf(shape: Shape): Shape {
  const words = 'a list';
  return {
    words,
    holds: (value) => Array.isArray(value) && value.every(shape.holds),
    misfit: (value, pointer) => {
      if (!Array.isArray(value)) return { pointer, expected: words, came: described(value) };
      const at = value.findIndex((part) => !shape.holds(part));
      return shape.misfit(value[at], `${pointer}/${at}`);
    },
  };
}

export function mapOf(shape: Shape): Shape {
  return {
    words: object.words,
    holds: (value) => isObject(value) && Object.values(value).every(shape.holds),
    misfit: (value, pointer) => {
      const wrong = isObject(value)
        ? Object.entries(value).find(([, part]) => !shape.holds(part))
        : undefined;
      return wrong === undefined
        ? object.misfit(value, pointer)
        : shape.misfit(wrong[1], `${pointer}/${escaped(wrong[0])}`);
    },
  };
}

/** An object whose named fields fit. */
export function shape(fields: Readonly<Record<string, Shape>>): Shape {
  const names = Object.keys(fields);
  const shapes = Object.values(fields);
  const tests = shapes.map(({ holds }) => holds);
  return {
    words: object.words,
    holds: (value) => {
      if (!isObject(value)) return false;
      for (let at = 0; at < names.length; at += 1)
        if (tests[at]?.(value[names[at] ?? '']) !== true) return false;
      return true;
    },
    misfit: (value, pointer) => {
      if (!isObject(value)) return object.misfit(value, pointer);
      const at = names.findIndex((name, index) => tests[index]?.(value[name]) !== true);
      const name = names[at] ?? '';
      return (shapes[at] ?? object).misfit(value[name], `${pointer}/${escaped(name)}`);
    },
  };
}

/** An object of one of several shapes: the value of `tag` says which, by its place among the shapes. */
export function tagged(tag: string, shapes: ReadonlyMap<unknown, Shape>): Shape {
  const known = one(...([...shapes.keys()] as (string | undefined)[]));
  return chosen((value) => shapes.get(value[tag]) ?? shape({ [tag]: known }));
}

/** An object of which `choose` says what it must be. */
export function chosen(choose: (value: Record<string, unknown>) => Shape): Shape {
  return {
    words: object.words,
    holds: (value) => isObject(value) && choose(value).holds(value),
    misfit: (value, pointer) =>
      isObject(value) ? choose(value).misfit(value, pointer) : object.misfit(value, pointer),
  };
}

/** An object that fits twice. */
export function both(first: Shape, second: Shape): Shape {
  return {
    words: first.words,
    holds: (value) => first.holds(value) && second.holds(value),
    misfit: (value, pointer) => (first.holds(value) ? second : first).misfit(value, pointer),
  };
}

export const all = (names: readonly string[], of: Shape): Record<string, Shape> =>
  Object.fromEntries(names.map((name) => [name, of]));

/** `/timing/tDone: expected a number or null, got "x"` */
export function describeMisfit({ pointer, expected, came }: Misfit): string {
  return `${pointer === '' ? '' : `${pointer}: `}expected ${expected}, got ${came}`;
}

const mostQuoted = 40;

/** What it is, and of a text its beginning; the reader may be a terminal, so nothing stands in it that acts. */
function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  if (typeof value !== 'string') return JSON.stringify(value);
  const isCut = value.length > mostQuoted;
  const quoted = JSON.stringify(value.slice(0, mostQuoted));
  return isCut ? `${quoted.slice(0, -1)}…"` : quoted;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
