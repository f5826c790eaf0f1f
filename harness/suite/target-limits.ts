/** How long a target may take, how large its answers may be, and how much patience it gets. */
import type { Limits, Target, Timeouts } from '../types.ts';
import { readFields, readNumber } from './fields.ts';
import type { Entry, Node } from './node.ts';
import type { ProblemList } from './problem-list.ts';

/** Long enough for a slow model on a slow machine; a wait without end would be a run without end. */
export const defaultTimeouts: Timeouts = {
  connectMs: 10_000,
  firstContentMs: 300_000,
  idleMs: 60_000,
  contentIdleMs: 120_000,
  totalMs: 600_000,
  tailMs: 5_000,
};
export const defaultAttempts = 4;
const dayMs = 24 * 3600 * 1000;
const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

const timeoutRange: Range = { min: 1, max: dayMs };
const limitRanges: Readonly<Record<'headerBytes' | 'eventBytes' | 'events' | 'bodyBytes', Range>> = {
  headerBytes: { min: kibibyte, max: 16 * mebibyte, whole: true },
  eventBytes: { min: kibibyte, max: 64 * mebibyte, whole: true },
  events: { min: 1, max: 10_000_000, whole: true },
  bodyBytes: { min: kibibyte, max: 1024 * mebibyte, whole: true },
};
const retryRanges: Readonly<Record<'attempts' | 'maxRetryAfterMs' | 'maxOutageMs', Range>> = {
  attempts: { min: 1, max: 100, whole: true },
  maxRetryAfterMs: { min: 0, max: dayMs },
  maxOutageMs: { min: 0, max: dayMs },
};

export function readTimeouts(node: Node | undefined, problems: ProblemList): Timeouts {
  const ranges = Object.fromEntries(Object.keys(defaultTimeouts).map((name) => [name, timeoutRange]));
  return { ...defaultTimeouts, ...numbersOf(node, 'timeouts', ranges, problems) };
}

/** `limits`; one figure bounds a body, streamed or not. */
export function readLimits(
  entry: Entry | undefined,
  problems: ProblemList,
): { readonly limits?: Partial<Limits> } {
  if (entry === undefined) return {};
  const given = numbersOf(entry.value, 'limits', limitRanges, problems);
  const { eventBytes, bodyBytes } = given;
  if (eventBytes !== undefined && bodyBytes !== undefined && eventBytes > bodyBytes)
    problems.error(
      entry.value.spot,
      `limits: eventBytes (${eventBytes}) is more than bodyBytes (${bodyBytes})`,
      'an event is a part of a body',
    );
  return { limits: { ...given, ...(bodyBytes === undefined ? {} : { objectBytes: bodyBytes }) } };
}

export function readRetry(
  node: Node | undefined,
  problems: ProblemList,
): Pick<Target, 'attempts' | 'maxRetryAfterMs' | 'maxOutageMs'> {
  return { attempts: defaultAttempts, ...numbersOf(node, 'retry', retryRanges, problems) };
}

/** The numbers of a mapping whose keys are those of `ranges`; what is wrong is said and left out. */
function numbersOf<Name extends string>(
  node: Node | undefined,
  what: string,
  ranges: Readonly<Record<Name, Range>>,
  problems: ProblemList,
): { [key in Name]?: number } {
  if (node === undefined) return {};
  const fields = readFields(node, { what, keys: Object.keys(ranges) }, problems);
  const read: { [key in Name]?: number } = {};
  for (const name of Object.keys(ranges) as Name[]) {
    const entry = fields?.get(name);
    const value = entry === undefined ? null : readNumber(entry.value, name, ranges[name], problems);
    if (value !== null) read[name] = value;
  }
  return read;
}
