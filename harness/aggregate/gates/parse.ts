/** Reads gates. Pure: what is wrong comes back with its place and what could stand there. */
import type { LanguageTag } from '../../types.ts';
import {
  quantileNames,
  timeNames,
  type Comparison,
  type Gate,
  type GateFault,
  type GateNames,
  type Measure,
  type ShareMeasure,
} from './expression.ts';
import { Misread, readerOf, type Reader, type Word } from './reader.ts';

export type ParsedGate = { readonly gate: Gate } | { readonly fault: GateFault };

/** Stands on the right of a difference for the run that `--baseline` names. */
const earlierWord = 'baseline';
const allPass = 'all-pass';
const measureNames = ['score', 'pass', 'errors', ...timeNames];
const example = 'as in qwen.score >= 0.8, or qwen - llama >= -0.02 by ci';

/** `expression` in NFC, as targets, languages and metrics are. */
export function parseGate(expression: string, names: GateNames): ParsedGate {
  try {
    return { gate: readGate(readerOf(expression), names) };
  } catch (error) {
    if (error instanceof Misread) return { fault: error.fault };
    throw error;
  }
}

function readGate(reader: Reader, names: GateNames): Gate {
  reader.space();
  if (reader.isAtEnd()) throw new Misread({ at: 0, message: 'an empty gate', hint: example });
  if (reader.match(/all-pass\s*$/uy) !== null) return { kind: allPass };
  const left = readFigure(reader, names);
  reader.space();
  const right = readSubtracted(reader, names, left);
  reader.space();
  const comparison = readComparison(reader);
  reader.space();
  const number = readNumber(reader);
  const by = readBy(reader);
  return right === null
    ? absolute(left, { comparison, number, by }, names)
    : relative(left, right, { comparison, number, by }, names);
}

interface Figure {
  readonly at: number;
  /** `*`: every target. */
  readonly target: string;
  readonly language: LanguageTag | null;
  readonly measure: { readonly at: number; readonly is: Measure } | null;
}

function readFigure(reader: Reader, names: GateNames): Figure {
  const at = reader.at();
  const target = reader.take('*') ? '*' : targetOf(reader.name(names.targets, 'a target'), names);
  return { at, target, language: readLanguage(reader, names, true), measure: readMeasure(reader, names) };
}

function targetOf({ text, at }: Word, names: GateNames): string {
  if (names.targets.includes(text)) return text;
  const parts = text.split('-');
  const isGlued = parts.some(
    (_part, cut) =>
      names.targets.includes(parts.slice(0, cut).join('-')) &&
      [...names.targets, earlierWord].includes(parts.slice(cut).join('-')),
  );
  throw new Misread({
    at,
    message: `no target "${text}"`,
    word: text,
    known: names.targets,
    hint: isGlued ? 'a minus between two targets has a space on either side' : null,
  });
}

function readLanguage(reader: Reader, names: GateNames, mayBeAll: boolean): Figure['language'] {
  if (!reader.take('[')) return null;
  const at = reader.at();
  const text = reader.match(/[^\]\s.<>="]+/uy)?.[0] ?? '';
  if (!reader.take(']'))
    throw new Misread({ at: reader.at(), message: 'expected ] after the language', hint: 'as in qwen[th]' });
  if (text === '*' && mayBeAll) return '*';
  if (names.languages.includes(text)) return text;
  throw new Misread({
    at,
    message: text === '' ? 'no language between [ and ]' : `no language "${text}"`,
    word: text,
    known: names.languages,
  });
}

function readMeasure(reader: Reader, names: GateNames): Figure['measure'] {
  if (!reader.take('.')) return null;
  const word = reader.name(names.metrics, 'what to judge: score, pass, errors, ttft.p95 or a metric');
  const { text, at, isQuoted } = word;
  if (!isQuoted && (text === 'score' || text === 'pass' || text === 'errors'))
    return { at, is: { kind: text } };
  const time = isQuoted ? undefined : timeNames.find((name) => name === text);
  if (time !== undefined) return { at, is: { kind: 'time', time, quantile: readQuantile(reader, time) } };
  if (names.metrics.includes(text)) return { at, is: { kind: 'metric', name: text } };
  throw new Misread({
    at,
    message: `no figure and no metric "${text}"`,
    word: text,
    known: [...measureNames, ...names.metrics],
  });
}

function readQuantile(reader: Reader, time: string): (typeof quantileNames)[number] {
  if (!reader.take('.'))
    throw new Misread({
      at: reader.at(),
      message: `which percentile of ${time}?`,
      hint: `as in ${time}.p95; there are ${quantileNames.join(', ')}`,
    });
  const { text, at } = reader.name([], 'a percentile');
  const found = quantileNames.find((name) => name === text);
  if (found !== undefined) return found;
  throw new Misread({ at, message: `no percentile "${text}"`, word: text, known: quantileNames });
}

/** `null` as target: the earlier run. */
type Subtracted = Omit<Figure, 'target'> & { readonly target: string | null };

function readSubtracted(reader: Reader, names: GateNames, left: Figure): Subtracted | null {
  if (reader.match(/[-\u2212](?=\s)/uy) === null) return null;
  reader.space();
  const at = reader.at();
  if (reader.take('*'))
    throw new Misread({
      at,
      message: 'only one target can be subtracted',
      hint: 'put the * on the left, as in * - llama',
    });
  const word = reader.name([...names.targets, earlierWord], 'a target or "baseline" after the minus');
  const isEarlier = !word.isQuoted && word.text === earlierWord;
  if (isEarlier && !names.hasEarlier)
    throw new Misread({
      at,
      message: 'there is no earlier run to compare with',
      hint: 'name one with --baseline RUN; a target is meant by its own id',
    });
  const target = isEarlier ? null : targetOf(word, names);
  if (target !== null && target === left.target)
    throw new Misread({
      at,
      message: `${target} minus itself`,
      hint: `name another target, or "${earlierWord}" for an earlier run`,
    });
  return { at, target, language: readLanguage(reader, names, true), measure: readMeasure(reader, names) };
}

function readComparison(reader: Reader): Comparison {
  const at = reader.at();
  for (const sign of ['>=', '<=', '>', '<'] as const) {
    if (!reader.take(sign)) continue;
    if (/^[<>=]/u.test(reader.rest()))
      throw new Misread({ at, message: `expected >=, <=, > or <, got "${sign}${reader.rest()}"` });
    return sign;
  }
  if (/^[=≥≤!]/u.test(reader.rest()))
    throw new Misread({
      at,
      message: `expected >=, <=, > or <, got "${reader.rest()}"`,
      hint: 'two measurements are hardly ever equal: say from where on, or up to where',
    });
  throw new Misread({
    at,
    message: `expected >=, <=, > or <, got ${reader.isAtEnd() ? 'the end' : `"${reader.rest()}"`}`,
    hint: /^[-\u2212]/u.test(reader.rest())
      ? 'a minus between two targets has a space on either side'
      : example,
  });
}

interface Written {
  readonly at: number;
  readonly value: number;
  readonly unit: '' | '%' | 'ms' | 's';
}

function readNumber(reader: Reader): Written {
  const at = reader.at();
  const found = reader.match(/([-+\u2212]?(?:\d+(?:\.\d+)?|\.\d+))\s?(%|ms|s)?(?![\p{L}\p{N}.,])/uy);
  if (found !== null)
    return {
      at,
      value: Number((found[1] ?? '').replace('\u2212', '-')),
      unit: (found[2] ?? '') as Written['unit'],
    };
  const hint = /^[-+]?\d+,\d/u.test(reader.rest()) ? 'write a point: 0.8' : 'as in 0.8, 80%, 800 or 800ms';
  throw new Misread({
    at,
    message: `expected a number, got ${reader.isAtEnd() ? 'the end' : `"${reader.rest()}"`}`,
    hint,
  });
}

function readBy(reader: Reader): Extract<Gate, { by: unknown }>['by'] {
  reader.space();
  if (reader.isAtEnd()) return 'value';
  if (reader.match(/by\s+ci\s*$/uy) !== null) return 'ci';
  throw new Misread({
    at: reader.at(),
    message: `expected "by ci" or the end, got "${reader.rest()}"`,
    hint: 'one claim to a gate',
  });
}

interface Claim {
  readonly comparison: Comparison;
  readonly number: Written;
  readonly by: Extract<Gate, { by: unknown }>['by'];
}

function absolute(figure: Figure, { comparison, number, by }: Claim, names: GateNames): Gate {
  const { measure } = figure;
  if (measure === null)
    throw new Misread({
      at: figure.at,
      message: `what of ${figure.target === '*' ? 'the targets' : figure.target}?`,
      hint: `as in ${figure.target}.score`,
    });
  const { is } = measure;
  if (by === 'ci' && (is.kind === 'errors' || is.kind === 'time'))
    throw new Misread({
      at: measure.at,
      message: `${is.kind === 'errors' ? 'errors are counted' : 'a percentile is read off'}, without an interval`,
      hint: 'leave out "by ci"',
    });
  const { value, unit } = limitOf(number, is);
  const targets = figure.target === '*' ? names.targets : [figure.target];
  const planned = plannedOf(figure, targets, is, names);
  const { language } = figure;
  return { kind: 'absolute', targets: planned, language, measure: is, comparison, limit: value, unit, by };
}

function relative(
  left: Figure,
  right: Subtracted,
  { comparison, number, by }: Claim,
  names: GateNames,
): Gate {
  const measure = sharedMeasure(left, right);
  if (right.language !== null && right.language !== left.language)
    throw new Misread({
      at: right.at,
      message: 'two languages are never subtracted',
      hint: 'name the language on the left alone, as in qwen[th] - llama',
    });
  const limit = number.unit === '%' ? number.value / 100 : number.value;
  if (number.unit === 'ms' || number.unit === 's' || Math.abs(limit) > 1)
    throw new Misread({
      at: number.at,
      message: 'a difference of shares lies between -1 and 1',
      hint: 'two points are 0.02 or 2%',
    });
  const targets = (left.target === '*' ? names.targets : [left.target]).filter((id) => id !== right.target);
  const planned = plannedOf(left, targets, measure, names);
  if (right.target !== null) plannedOf({ ...left, at: right.at }, [right.target], measure, names);
  const { language } = left;
  return {
    kind: 'relative',
    targets: planned,
    language,
    measure,
    against: right.target,
    comparison,
    limit,
    by,
  };
}

function sharedMeasure(left: Figure, right: Subtracted): ShareMeasure {
  const one = left.measure ?? right.measure ?? { at: left.at, is: { kind: 'score' } as const };
  const other = right.measure ?? one;
  if (JSON.stringify(one.is) !== JSON.stringify(other.is))
    throw new Misread({
      at: other.at,
      message: 'the two sides are different figures',
      hint: 'name one of them, on the left',
    });
  if (one.is.kind === 'errors' || one.is.kind === 'time')
    throw new Misread({
      at: one.at,
      message: `${one.is.kind === 'errors' ? 'errors' : 'times'} are not subtracted in a gate`,
      hint: 'score, pass and metrics are; set a limit for each target instead',
    });
  return one.is;
}

/** In the unit that the figure has. */
function limitOf(
  { at, value, unit }: Written,
  measure: Measure,
): { readonly value: number; readonly unit: 'share' | 'cells' | 'ms' } {
  if (measure.kind === 'time') {
    if (unit === '%') throw new Misread({ at, message: 'a time is not a percentage', hint: 'as in 800ms' });
    return { value: unit === 's' ? value * 1000 : value, unit: 'ms' };
  }
  if (unit === 'ms' || unit === 's')
    throw new Misread({ at, message: `"${unit}" belongs to a time`, hint: 'as in qwen.ttft.p95 <= 800ms' });
  if (measure.kind === 'errors' && unit === '') return { value, unit: 'cells' };
  const share = unit === '%' ? value / 100 : value;
  if (share < 0 || share > 1)
    throw new Misread({
      at,
      message: 'a share lies between 0 and 1',
      hint: share > 1 && share <= 100 && unit === '' ? `${value} % is ${value / 100} or ${value}%` : null,
    });
  return { value: share, unit: 'share' };
}

/** The targets for which the figure is planned; none: nobody could ever judge it. */
function plannedOf(
  { at, language, target }: Pick<Figure, 'at' | 'language' | 'target'>,
  targets: readonly string[],
  measure: Measure,
  names: GateNames,
): readonly string[] {
  const metric = measure.kind === 'metric' ? measure.name : null;
  const planned = targets.filter((id) => names.isPlanned(id, language === '*' ? null : language, metric));
  // Of a named target, or of all of them, something must be planned; `*` leaves out nobody who is asked at all.
  if (planned.length === targets.length && planned.length > 0) return planned;
  const silent = targets.find((id) => !planned.includes(id)) ?? target;
  throw new Misread({
    at,
    message: `nothing is planned for ${silent}${language === null || language === '*' ? '' : ` in ${language}`}${metric === null ? '' : ` with the metric "${metric}"`}`,
    hint: 'a gate must speak of something that is asked',
  });
}
