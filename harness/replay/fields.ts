/** What a line of a cassette must hold: a table of fields, and the words for the first that is wrong. */

export interface Field {
  readonly fits: (value: unknown) => boolean;
  /** Completes `"name" is to be …`. */
  readonly expected: string;
  readonly optional?: true;
}

/** What is wrong with `record`, or null. `what` names the line in the message: `an answer of a cassette`. */
export function fieldProblem(
  record: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Field>>,
  what: string,
): string | null {
  for (const [name, field] of Object.entries(fields)) {
    if (!Object.hasOwn(record, name)) {
      if (field.optional !== true) return `${what} needs "${name}"`;
    } else if (!field.fits(record[name])) return `"${name}" is to be ${field.expected}`;
  }
  const stray = Object.keys(record).find((name) => !Object.hasOwn(fields, name));
  return stray === undefined ? null : `${what} has no "${stray}"`;
}

export const anyText: Field = { fits: (value) => typeof value === 'string', expected: 'a text' };

export const someText: Field = {
  fits: (value) => typeof value === 'string' && value !== '',
  expected: 'a text that is not empty',
};

export const count: Field = { fits: isCount, expected: 'a whole number from 0 up' };

export const counts: Field = {
  fits: (value) => Array.isArray(value) && value.every((item) => isCount(item)),
  expected: 'a list of whole numbers from 0 up',
};

/** An hour: longer than any timeout, and within what a timer can hold. */
const longestMs = 3_600_000;

export const milliseconds: Field = {
  fits: (value) => typeof value === 'number' && value >= 0 && value <= longestMs,
  expected: `a number from 0 to ${longestMs}`,
};

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
