/**
 * junit.xml: one test case per planned cell, for build servers. A wrong answer is a `<failure>`; no answer, a crashed
 * check and a cell never asked are `<error>`: nothing was learnt about the model. Cells that are only observed, or that
 * no check applied to, are `<skipped>`; cells with a score and no threshold pass and carry the score as a property.
 * What was remarked on an answer stands in the property `flags`, an unusual end in `finish`. Gates come last, in a suite
 * of their own.
 */
import type { Finding, GateResult, Report, Row } from '../types.ts';
import { answerText } from './answer-text.ts';

/** Per message, in bytes of the escaped text. */
const MESSAGE_LIMIT = 64_000;

/** What XML 1.0 allows, less the characters that only look like it (U+FFFE, U+FFFF) and lone surrogates. */
// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text with XML 1.0 characters only; the others become `\u{XX}`. */
export function xmlCharacters(text: string): string {
  return text.replaceAll(
    NOT_XML,
    (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}

/** Escaped for an attribute in double quotes; line breaks survive attribute normalisation. */
export function xmlAttribute(text: string): string {
  return xmlCharacters(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n\r]/gu, (found) => `&#${found.charCodeAt(0)};`);
}

/** A CDATA section; the sequence that would end it is split over two. */
export function cdata(text: string): string {
  return `<![CDATA[${xmlCharacters(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** At most `limit` bytes after `escape`, with a marker where something was cut. */
function bounded(text: string, escape: (text: string) => string, limit = MESSAGE_LIMIT): string {
  const whole = escape(text);
  if (Buffer.byteLength(whole) <= limit) return whole;
  const marker = ' [cut]';
  const points = Array.from(text.slice(0, limit));
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const size = Buffer.byteLength(escape(points.slice(0, middle).join('') + marker));
    if (size <= limit) low = middle;
    else high = middle - 1;
  }
  return escape(points.slice(0, low).join('') + marker);
}

function caseName({ cell }: Row, repeats: boolean): string {
  const variant = cell.variant === null ? '' : ` (${cell.variant})`;
  const repeat = repeats ? ` #${cell.repeat}` : '';
  return `${cell.suite} > ${cell.test} [${cell.language}] ${cell.target}${variant}${repeat}`;
}

function reason(finding: Finding): string {
  const { verdict } = finding;
  const word =
    verdict.status === 'scored' ? `score ${verdict.score.toFixed(3)}` : `unscored (${verdict.why})`;
  return `${finding.check}: ${word}: ${verdict.because}`;
}

function evidence(row: Row): string {
  const outcome = row.sample?.outcome;
  const said =
    outcome?.kind === 'failed' ? `partial answer:\n${outcome.partial}` : `answer:\n${answerText(row)}`;
  return [...row.findings.map(reason), said].join('\n');
}

function element(tag: string, type: string, message: string, body: string): string {
  return `<${tag} type="${xmlAttribute(type)}" message="${bounded(message, xmlAttribute, 4000)}">${bounded(body, cdata)}</${tag}>`;
}

function errorOf(row: Row): { type: string; message: string } | null {
  const outcome = row.sample?.outcome;
  if (row.kind === 'no-answer') {
    if (outcome?.kind !== 'failed') return { type: 'no-answer', message: 'no answer' };
    return { type: outcome.failure.code, message: outcome.failure.message };
  }
  if (row.kind === 'unasked') return { type: 'unasked', message: 'planned, never asked' };
  if (row.kind !== 'check-error') return null;
  const crashed = row.findings.find(
    ({ verdict }) => verdict.status === 'unscored' && verdict.why === 'check-error',
  );
  return { type: 'check-error', message: crashed === undefined ? 'a check crashed' : reason(crashed) };
}

type Ending = 'passed' | 'failures' | 'errors' | 'skipped';

function endingOf(row: Row): Ending {
  if (errorOf(row) !== null) return 'errors';
  if (row.pass === false) return 'failures';
  return row.kind === 'observed' || row.kind === 'not-applicable' ? 'skipped' : 'passed';
}

/** Ends of an answer that need no word. */
const usualFinish = new Set(['stop', 'tool_calls']);

/** The score where nothing else tells it, how an answer ended where not as usual, and what was remarked on it. */
function properties(row: Row, ending: Ending): string {
  const { sample } = row;
  const answered = sample?.outcome.kind === 'answered' ? sample.outcome : null;
  const flags = answered === null ? '' : (sample?.flags.join(' ') ?? '');
  const finish = answered?.finish ?? 'stop';
  const isScoreAlone = ending === 'passed' && row.pass !== true && row.score !== null;
  const all = [
    ...(isScoreAlone ? [['score', (row.score ?? 0).toFixed(6)]] : []),
    ...(usualFinish.has(finish) ? [] : [['finish', finish]]),
    ...(answered === null || answered.refusal === null ? [] : [['refusal', 'yes']]),
    ...(flags === '' ? [] : [['flags', flags]]),
  ].map(([name = '', value = '']) => `<property name="${name}" value="${xmlAttribute(value)}"/>`);
  return all.length === 0 ? '' : `<properties>${all.join('')}</properties>`;
}

function body(row: Row, ending: Ending): string {
  const error = errorOf(row);
  if (error !== null) return element('error', error.type, error.message, evidence(row));
  if (ending === 'failures') {
    const failed = row.findings.find(({ verdict }) => verdict.status === 'scored' && verdict.pass === false);
    return element('failure', row.kind, failed === undefined ? row.kind : reason(failed), evidence(row));
  }
  return ending === 'skipped' ? `<skipped message="${xmlAttribute(row.kind)}"/>` : '';
}

function secondsOf(row: Row): number {
  return (row.times.e2eMs ?? 0) / 1000;
}

function caseElement(row: Row, repeats: boolean): string {
  const ending = endingOf(row);
  const head = `<testcase classname="${xmlAttribute(`${row.cell.suite}.${row.cell.language}.${row.cell.target}`)}" name="${xmlAttribute(caseName(row, repeats))}" time="${secondsOf(row).toFixed(3)}"`;
  const content = properties(row, ending) + body(row, ending);
  return content === '' ? `    ${head}/>` : `    ${head}>${content}</testcase>`;
}

/** The element in pieces, each a line. */
function* suiteElement(
  name: string,
  rows: readonly Row[],
  repeats: boolean,
  timestamp: string,
): Generator<string> {
  const tally = { passed: 0, failures: 0, errors: 0, skipped: 0 };
  for (const row of rows) tally[endingOf(row)] += 1;
  const seconds = rows.reduce((sum, row) => sum + secondsOf(row), 0);
  const counts = `tests="${rows.length}" failures="${tally.failures}" errors="${tally.errors}" skipped="${tally.skipped}"`;
  yield `  <testsuite name="${xmlAttribute(name)}" ${counts} time="${seconds.toFixed(3)}" timestamp="${xmlAttribute(timestamp)}">\n`;
  for (const row of rows) yield `${caseElement(row, repeats)}\n`;
  yield '  </testsuite>\n';
}

/** Gates as cases of a suite of their own: one not held is a failure, one that cannot be told an error. */
function gatesElement(gates: readonly GateResult[], timestamp: string): string {
  const cases = gates.map(({ expression, from, state, sentence, claims }) => {
    const head = `<testcase classname="gates" name="${bounded(expression, xmlAttribute, 4000)}" time="0.000"`;
    if (state === 'pass') return `    ${head}/>`;
    const tag = state === 'fail' ? 'failure' : 'error';
    const evidence = [from, ...claims.map((claim) => claim.sentence)].join('\n');
    return `    ${head}>${element(tag, `gate-${state}`, sentence, evidence)}</testcase>`;
  });
  const of = (state: GateResult['state']): number => gates.filter((gate) => gate.state === state).length;
  return [
    `  <testsuite name="gates" tests="${gates.length}" failures="${of('fail')}" errors="${of('inconclusive')}" skipped="0" time="0.000" timestamp="${xmlAttribute(timestamp)}">`,
    ...cases,
    '  </testsuite>\n',
  ].join('\n');
}

export function* renderJunit(report: Report): Generator<string> {
  const { rows, summary } = report;
  const repeats = rows.some((row) => row.cell.repeat > 1);
  const timestamp = summary.run.createdAt.slice(0, 19);
  const { gates } = summary;
  const endings = rows.map(endingOf);
  const of = (ending: Ending) => endings.filter((each) => each === ending).length;
  const gatesIn = (state: GateResult['state']) => gates.filter((gate) => gate.state === state).length;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="visavis" tests="${rows.length + gates.length}" failures="${of('failures') + gatesIn('fail')}" errors="${of('errors') + gatesIn('inconclusive')}" skipped="${of('skipped')}">\n`;
  for (const name of new Set(rows.map((row) => row.cell.suite))) {
    const own = rows.filter((row) => row.cell.suite === name);
    yield* suiteElement(name, own, repeats, timestamp);
  }
  if (gates.length > 0) yield gatesElement(gates, timestamp);
  yield '</testsuites>\n';
}
