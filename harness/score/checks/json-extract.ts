/**
 * The ladder from "the answer is JSON" down to "there is none", and the only door of jsonrepair. The first rung that
 * holds is the stage. A repaired answer is a diagnosis: no mode accepts it.
 */
import { jsonrepair } from 'jsonrepair';
import type { Json } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { codeFences } from './code-fence.ts';
import { jsonWarnings, scanBrackets, type BracketScan, type JsonWarning } from './json-scan.ts';

export type JsonStage =
  'strict' | 'fenced' | 'embedded' | 'ambiguous' | 'truncated' | 'repaired' | 'invalid' | 'none';
export type JsonMode = 'strict' | 'fenced' | 'embedded';

export interface JsonExtraction {
  readonly stage: JsonStage;
  /** What was read; undefined where no value was. Of `repaired`, what jsonrepair made of it. */
  readonly value: Json | undefined;
  readonly warnings: readonly JsonWarning[];
  /** The answer around the value, for those who judge the prose; empty at `strict`. */
  readonly prose: string;
}

export interface ExtractOptions {
  /** Normalised finish reason. */
  readonly finish?: string | null;
  /** Look for objects only: in prose `[1]` is a citation. */
  readonly objectsOnly?: boolean;
}

/** Answers above this are not parsed: UTF-8 bytes. */
export const maxJsonBytes = 1024 * 1024;
/** Brackets nested deeper than this are not parsed. */
export const maxJsonDepth = 256;
/** Broken JSON above this many UTF-16 units is called invalid without an attempt to repair it. */
const maxRepairLength = 100_000;

/** Thrown when an answer is too large or too deep to be parsed safely: nobody judged it, so it is not wrong. */
export class JsonLimitError extends Error {
  override readonly name = 'JsonLimitError';
}

const accepted: Readonly<Record<JsonMode, readonly JsonStage[]>> = {
  strict: ['strict'],
  fenced: ['strict', 'fenced'],
  embedded: ['strict', 'fenced', 'embedded'],
};

/** Whether a mode takes what stands on this rung. */
export function acceptsStage(mode: JsonMode, stage: JsonStage): boolean {
  return accepted[mode].includes(stage);
}

/**
 * Reads the JSON of an answer. Reasoning marked by `<think>` and surrounding white space are dropped first.
 * @throws JsonLimitError above 1 MiB or 256 levels, before anything is parsed.
 */
export function extractJson(answer: string, options: ExtractOptions = {}): JsonExtraction {
  const thought = normalize(answer, ['strip-think'], 'und');
  const warnings: JsonWarning[] = /^\s*\uFEFF/u.test(thought) ? ['bom'] : [];
  const text = normalize(thought, ['trim'], 'und');
  if (text.length > maxJsonBytes || Buffer.byteLength(text) > maxJsonBytes) {
    throw new JsonLimitError(`the answer is over the limit of ${maxJsonBytes} bytes for JSON`);
  }
  const scan = scanBrackets(text);
  if (scan.depth > maxJsonDepth) {
    throw new JsonLimitError(`the answer nests deeper than the limit of ${maxJsonDepth} levels for JSON`);
  }
  const read = (stage: JsonStage, source: string, value: Json, prose: string): JsonExtraction => ({
    stage,
    value,
    warnings: [...warnings, ...jsonWarnings(source)],
    prose,
  });
  const unread = (stage: JsonStage): JsonExtraction => ({ stage, value: undefined, warnings, prose: text });

  const whole = parse(text);
  if (whole !== undefined) return read('strict', text, whole, '');

  const fences = codeFences(text).filter(({ closed }) => closed);
  const fence = fences.length === 1 ? fences[0] : undefined;
  const fenced = fence === undefined ? undefined : parse(fence.content);
  if (fence !== undefined && isContainer(fenced)) {
    return read('fenced', fence.content, fenced, `${text.slice(0, fence.start)}\n${text.slice(fence.end)}`);
  }

  const { good, broken } = candidates(text, scan, options.objectsOnly ?? false);
  const [only] = good;
  if (only !== undefined && good.length === 1 && broken.length === 0) {
    return read('embedded', only.source, only.value, `${text.slice(0, only.start)}\n${text.slice(only.end)}`);
  }
  if (good.length + broken.length > 1) return unread('ambiguous');
  if (scan.unclosed || options.finish === 'length') return unread('truncated');
  const source =
    broken[0] ?? (fence !== undefined && /^[{[｛［]/u.test(fence.content.trim()) ? fence.content : null);
  if (source === null) return unread(/[｛［]/u.test(text) ? 'invalid' : 'none');
  const repaired = repair(source);
  return repaired === undefined ? unread('invalid') : { ...unread('repaired'), value: repaired };
}

/** Every string value inside a JSON value, keys excluded, in document order. */
export function stringValues(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(stringValues);
}

function parse(source: string): Json | undefined {
  try {
    const value: Json = JSON.parse(source);
    return value;
  } catch {
    return undefined;
  }
}

function isContainer(value: Json | undefined): value is Json {
  return typeof value === 'object' && value !== null;
}

interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly value: Json;
}

/** Balanced regions that parse, and those that do not but were plainly meant as JSON: `[note]` in prose is neither. */
function candidates(
  text: string,
  scan: BracketScan,
  objectsOnly: boolean,
): { good: readonly Candidate[]; broken: readonly string[] } {
  const good: Candidate[] = [];
  const broken: string[] = [];
  for (const { start, end } of scan.regions) {
    if (objectsOnly && text.charAt(start) !== '{') continue;
    const source = text.slice(start, end);
    const value = parse(source);
    if (value !== undefined) good.push({ start, end, source, value });
    else if (looksMeant.test(source)) broken.push(source);
  }
  return { good, broken };
}

const looksMeant = /^\{\s*(?:["'“”‘’«]|[\p{L}_$][\p{L}\p{N}_$]*\s*[:：])|^\[\s*[{["'“‘\d-]/u;

/** What jsonrepair makes of it, or undefined: refused, or it had to invent a string (`NaN` becomes `"NaN"`). */
function repair(source: string): Json | undefined {
  if (source.length > maxRepairLength) return undefined;
  let value: Json | undefined;
  try {
    value = parse(jsonrepair(source));
  } catch {
    return undefined;
  }
  if (!isContainer(value)) return undefined;
  const quoted = quotedStrings(source);
  return stringValues(value).every((text) => quoted.has(text)) ? value : undefined;
}

/** Contents of everything that stands between quotation marks of one kind, escapes undone. */
function quotedStrings(source: string): ReadonlySet<string> {
  const marks =
    /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|[“”„]((?:[^“”„\\]|\\.)*)[“”]|[‘’‚]((?:[^‘’‚\\]|\\.)*)[‘’]/gsu;
  const found = new Set<string>();
  for (const match of source.matchAll(marks)) {
    const inside = match.slice(1).find((group) => group !== undefined) ?? '';
    found.add(inside);
    const unescaped = parse(
      `"${inside
        .replaceAll(/\\'/gu, "'")
        .replaceAll(/(?<!\\)"/gu, '\\"')
        .replaceAll('\n', '\\n')}"`,
    );
    if (typeof unescaped === 'string') found.add(unescaped);
  }
  return found;
}
