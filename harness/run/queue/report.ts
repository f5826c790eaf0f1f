/**
 * What workers tell the coordinator: entries of one stream. They come out of a server that others may write to, so each is
 * read as a stranger's and checked before it counts.
 */
import type { Cell, Sample } from '../../types.ts';
import { failure } from '../failure.ts';
import { fields } from '../json-fields.ts';
import { mostReportBytes } from './names.ts';

export type Report =
  /** An attempt, finished and in the worker's own folder. */
  | { readonly kind: 'sample'; readonly target: string; readonly key: string; readonly body: string }
  /** A job that the worker gave back without asking. */
  | { readonly kind: 'refused'; readonly target: string; readonly key: string; readonly body: string }
  /** What the worker saw of a target before it asked there, JSON. */
  | { readonly kind: 'facts'; readonly target: string; readonly key: ''; readonly body: string }
  | { readonly kind: 'joined' | 'left'; readonly target: ''; readonly key: ''; readonly body: string };

/** A report as it came: from whom, under which id of the stream. */
export type Received = Report & { readonly id: string; readonly from: string };

const kinds = new Set(['sample', 'refused', 'facts', 'joined', 'left']);

/** Names and values of the stream's entry. */
export function entryOf(from: string, { kind, target, key, body }: Report): string[] {
  return ['kind', kind, 'from', from, 'target', target, 'key', key, 'body', body];
}

/** null: not one of ours. */
export function readEntry(id: string, words: readonly string[]): Received | null {
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) found.set(words[at] ?? '', words[at + 1] ?? '');
  const [kind, from, target, key, body] = ['kind', 'from', 'target', 'key', 'body'].map((name) =>
    found.get(name),
  );
  if (kind === undefined || !kinds.has(kind)) return null;
  if (from === undefined || target === undefined || key === undefined || body === undefined) return null;
  return { id, kind, from, target, key, body } as Received;
}

/** A record that is too large to travel is a failure that says so; whole, it lies in the worker's folder. */
export function bodyOf(sample: Sample): string {
  const body = JSON.stringify(sample);
  const bytes = Buffer.byteLength(body);
  if (bytes <= mostReportBytes) return body;
  const why = failure(
    'protocol',
    'output-too-large',
    `the record has ${bytes} bytes and 1 MiB travels through the queue; it lies in the worker's folder`,
    { http: sample.http, remedy: 'final' },
  );
  return JSON.stringify({
    ...sample,
    status: why.status,
    iclMs: [],
    outcome: { kind: 'failed', failure: why, partial: '' },
  } satisfies Sample);
}

/** The attempt in a report, or why it is none: it must be whole, and of this cell. */
export function readSample(body: string, cell: Cell, phase: Sample['phase'] = 'quality'): Sample | string {
  if (Buffer.byteLength(body) > mostReportBytes) return 'larger than 1 MiB';
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'not JSON';
  }
  const record = fields(value);
  if (record === null || record['v'] !== 1) return 'not a sample';
  const isOfCell =
    record['cell'] === cell.key &&
    record['suite'] === cell.suite &&
    record['test'] === cell.test &&
    record['language'] === cell.language &&
    record['variant'] === cell.variant &&
    record['target'] === cell.target &&
    record['repeat'] === cell.repeat;
  if (!isOfCell) return 'of another cell';
  return record['phase'] === phase && isWhole(record) ? (value as Sample) : 'not a whole sample';
}

export const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
export const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

const clockPoints = ['tSched', 'tCall', 't0', 'tHdr', 'tEvt1', 'tOut1', 'tAns1', 'tLast', 'tDone'];
const counts = ['prompt', 'completion', 'reasoning', 'cached'];
const numbers = ['chunks', 'reads', 'answerChars', 'reasoningChars', 'bytes', 'endedAt'];

function isWhole(record: Readonly<Record<string, unknown>>): boolean {
  const timing = fields(record['timing']);
  const usage = fields(record['usage']);
  const outcome = fields(record['outcome']);
  const { iclMs, flags } = record;
  return (
    timing !== null &&
    clockPoints.every((name) => isNumberOrNull(timing[name])) &&
    usage !== null &&
    counts.every((name) => isNumberOrNull(usage[name])) &&
    isText(usage['source']) &&
    numbers.every((name) => isNumber(record[name])) &&
    Array.isArray(iclMs) &&
    iclMs.every(isNumber) &&
    Array.isArray(flags) &&
    flags.every(isText) &&
    isNumberOrNull(record['http']) &&
    [record['finishRaw'], record['modelEcho']].every(isTextOrNull) &&
    outcome !== null &&
    (outcome['kind'] === 'answered' ? isAnswer(record, outcome) : isFailure(record, outcome))
  );
}

function isAnswer(
  record: Readonly<Record<string, unknown>>,
  outcome: Readonly<Record<string, unknown>>,
): boolean {
  const { toolCalls } = outcome;
  return (
    record['status'] === 'ok' &&
    isText(outcome['text']) &&
    isText(outcome['reasoning']) &&
    isTextOrNull(outcome['refusal']) &&
    isTextOrNull(outcome['finish']) &&
    Array.isArray(toolCalls) &&
    toolCalls.every((call) => {
      const found = fields(call);
      return found !== null && [found['id'], found['name'], found['arguments']].every(isText);
    })
  );
}

const remedies: readonly unknown[] = ['retry', 'final', 'abort'];

function isFailure(
  record: Readonly<Record<string, unknown>>,
  outcome: Readonly<Record<string, unknown>>,
): boolean {
  const failure = fields(outcome['failure']);
  return (
    outcome['kind'] === 'failed' &&
    isText(outcome['partial']) &&
    failure !== null &&
    failure['status'] === record['status'] &&
    record['status'] !== 'ok' &&
    isText(failure['status']) &&
    isText(failure['code']) &&
    isText(failure['message']) &&
    isNumberOrNull(failure['http']) &&
    isNumberOrNull(failure['retryAfterMs']) &&
    remedies.includes(failure['remedy'])
  );
}
