/**
 * rows.csv: one line per planned cell, for spreadsheets. Text is guarded against being taken for a formula; the
 * untouched text is in samples.jsonl. To undo the guard, drop the apostrophe that opens a physical line, and only where
 * what follows it would start a formula (blanks and quotes first, if any): any other apostrophe is the text's own.
 */
import { stringify } from 'csv-stringify/sync';
import type { CheckSpec, Report, ReportOptions, Row, Verdict } from '../types.ts';
import { answerText, failureCode } from './answer-text.ts';

/** What a spreadsheet cell holds at most, in UTF-16 units. */
const CELL_LIMIT = 32_767;

/** After blanks and quotes (both are skipped by some importers), what starts a formula. */
const FORMULA = /^[\s'"]*[=+\-@\t\r＝＋－＠]/u;
// NUL is what the guard drops; the other control characters are data.
// oxlint-disable-next-line no-control-regex
const NUL = /\u0000/gu;
const PHYSICAL_LINE = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/u;

/** Text that no spreadsheet evaluates: each physical line is looked at, since importers split on line breaks too. */
export function guardText(text: string): string {
  const short = text.slice(0, 2 * CELL_LIMIT).replaceAll(NUL, '');
  let guarded = '';
  let rest = short;
  for (;;) {
    const end = PHYSICAL_LINE.exec(rest);
    const line = end === null ? rest : rest.slice(0, end.index);
    const next = end === null ? '' : end[0];
    // A lone carriage return opens the line as well as ending it.
    guarded += (FORMULA.test(next === '\r' ? line + next : line) ? `'` : '') + line + next;
    if (end === null) break;
    rest = rest.slice(end.index + next.length);
  }
  if (guarded.length <= CELL_LIMIT && text.length <= 2 * CELL_LIMIT) return guarded;
  const marker = ` [cut: ${text.length} UTF-16 units]`;
  let cut = guarded.slice(0, CELL_LIMIT - marker.length);
  if (/[\ud800-\udbff]$/u.test(cut)) cut = cut.slice(0, -1);
  return cut + marker;
}

type Value = string | number | null;

function passWord(pass: boolean | null): string {
  return pass === null ? '' : String(pass);
}

function round(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(6));
}

/** Weighted mean of the scored checks of one metric; null when there is none, or one of them left no verdict. */
function metricScore(row: Row, metric: string): number | null {
  let sum = 0;
  let weight = 0;
  for (const { spec, verdict } of verdictsOf(row)) {
    if (spec.metric !== metric) continue;
    if (verdict?.status === 'scored') {
      sum += spec.weight * verdict.score;
      weight += spec.weight;
    } else if (verdict?.why !== 'not-applicable') return null;
  }
  return weight === 0 ? null : round(sum / weight);
}

/** Checks of an answer that gave no score, and why: an empty metric column alone does not tell. */
function unscored(row: Row): string | null {
  if (row.sample?.outcome.kind !== 'answered') return null;
  const parts = verdictsOf(row).flatMap(({ spec, verdict }) =>
    verdict?.status === 'scored'
      ? []
      : [`${spec.metric} (${spec.not ? 'not-' : ''}${spec.type}): ${verdict?.why ?? 'check-error'}`],
  );
  return parts.length === 0 ? null : parts.join('; ');
}

/** Every planned check of a cell with its verdict; null: none, which counts as a crash. */
function verdictsOf({ cell, findings }: Row): { spec: CheckSpec; verdict: Verdict | null }[] {
  return cell.checks.map((spec, at) => ({
    spec,
    verdict: findings.find(({ index }) => index === at)?.verdict ?? null,
  }));
}

/** Of the test, as its author wrote it: text and numbers as they are, anything else as JSON. */
function metadataValue({ cell }: Row, key: string): Value {
  const value = Object.hasOwn(cell.metadata, key) ? cell.metadata[key] : undefined;
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

function record(row: Row, metrics: readonly string[], metadata: readonly string[]): Value[] {
  const { cell, sample } = row;
  const { times } = row;
  const outcome = sample?.outcome;
  const values: Value[] = [
    cell.suite,
    cell.test,
    cell.cluster,
    cell.language,
    cell.variant,
    cell.repeat,
    cell.target,
    cell.model,
    row.kind,
    passWord(row.pass),
    round(row.score),
    failureCode(row),
    unscored(row),
    row.attempts,
    outcome?.kind === 'answered' ? outcome.finish : null,
    times.ttftMs,
    times.e2eMs,
    times.tpotMs,
    sample?.usage.prompt ?? null,
    sample?.usage.completion ?? null,
    sample === null ? null : sample.answerChars,
    sample === null || sample.flags.length === 0 ? null : sample.flags.join(' '),
    answerText(row),
    ...metrics.map((metric) => metricScore(row, metric)),
    ...metadata.map((key) => metadataValue(row, key)),
    cell.key,
  ];
  return values.map((value) => (typeof value === 'string' ? guardText(value) : value));
}

const columns = [
  'suite',
  'test',
  'cluster',
  'language',
  'variant',
  'repeat',
  'target',
  'model',
  'kind',
  'pass',
  'score',
  'failure_code',
  'unscored',
  'attempts',
  'finish',
  'ttft_ms',
  'e2e_ms',
  'tpot_ms',
  'prompt_tokens',
  'completion_tokens',
  'answer_chars',
  'flags',
  'answer',
] as const;

/**
 * The sheet: the columns above, the score of each metric, the metadata of the tests, and the key that finds the record
 * in the run folder. With a byte order mark, unless told otherwise (spreadsheets take UTF-8 for something else without
 * one), and LF line ends.
 */
export function* renderCsv(report: Report, { csvBom = true }: ReportOptions = {}): Generator<string> {
  const metrics = [...new Set(report.summary.suites.flatMap((suite) => suite.metrics))];
  const metadata = [...new Set(report.rows.flatMap(({ cell }) => Object.keys(cell.metadata)))];
  const header = [
    ...columns,
    ...metrics.map((metric) => guardText(`metric:${metric}`)),
    ...metadata.map((key) => guardText(`metadata:${key}`)),
    'key',
  ];
  const lines = (records: readonly (readonly Value[])[], bom: boolean): string =>
    stringify([...records], { bom, quoted_string: true, record_delimiter: 'unix' });
  yield lines([header], csvBom);
  for (let from = 0; from < report.rows.length; from += rowsPerPiece)
    yield lines(
      report.rows.slice(from, from + rowsPerPiece).map((row) => record(row, metrics, metadata)),
      false,
    );
}

/** Enough for the library to be called seldom, few enough to be let go soon. */
const rowsPerPiece = 1000;
