/**
 * The rows as the page's script reads them. Every string stands once, in a table, and is named by its position: equal
 * answers, prompts and reasons cost nothing the second time. A question's messages and checks are kept per question,
 * not per target. Absent keys mean "none".
 */
import type { CellKind, CheckSpec, Finding, Report, Row, Verdict } from '../../types.ts';
import { promptText } from '../prompt-text.ts';
import { languageName } from '../language-names.ts';
import { cardWords, kindWords } from '../strings.ts';
import { kindOrder } from '../view/kinds.ts';

class StringTable {
  readonly strings: string[] = [];
  readonly #positions = new Map<string, number>();

  at(text: string): number {
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    const position = this.strings.push(text) - 1;
    this.#positions.set(text, position);
    return position;
  }
}

/** What happened at one target; short keys, since there are as many as cells. */
interface PageCell {
  readonly t: number;
  readonly k: number;
  readonly p?: 0 | 1;
  readonly s?: number;
  /** Answer, reasoning, refusal, tool calls, partial text. */
  readonly a?: number;
  readonly r?: number;
  readonly x?: number;
  readonly tc?: number;
  readonly pt?: number;
  /** Failure: code, message, HTTP status. */
  readonly f?: readonly [number, number, number | null];
  readonly fi?: number;
  /** Attempts, where more than one. */
  readonly n?: number;
  /** TTFT and total time in whole ms. */
  readonly ms?: readonly [number | null, number | null];
  readonly o?: number;
  readonly fl?: readonly number[];
  /** Findings: check position, state (see `stateOf`), score, because, evidence. */
  readonly c?: readonly (readonly (number | null)[])[];
  /** Question, where it is not the card's. */
  readonly q?: number;
}

/** Suite, test, language, variant or -1, repeat, question, cells. */
type PageCard = [number, number, number, number, number, number, PageCell[]];

function checkName(spec: CheckSpec): string {
  return `${spec.not ? 'not-' : ''}${spec.type}`;
}

/** Why a check says nothing is told apart from what it says: an outage and a crash are no failures. */
const unscoredStates = { 'not-applicable': 3, 'check-error': 4, 'no-answer': 5 } as const;

/** 0 fail, 1 pass, 2 scored without a threshold; 3 to 5 not scored. */
function stateOf(verdict: Verdict): number {
  if (verdict.status === 'unscored') return unscoredStates[verdict.why];
  return verdict.pass === null ? 2 : Number(verdict.pass);
}

/** Evidence is worth its bytes where a check was not wholly satisfied. */
function findingOf(finding: Finding, table: StringTable): (number | null)[] {
  const { verdict } = finding;
  const whole = verdict.status === 'scored' && verdict.score === 1 && verdict.pass !== false;
  const evidence =
    whole || Object.keys(verdict.details).length === 0 ? null : table.at(JSON.stringify(verdict.details));
  const state = stateOf(verdict);
  const score = verdict.status === 'scored' ? Number(verdict.score.toFixed(4)) : null;
  const line = [finding.index, state, score, table.at(verdict.because)];
  return evidence === null ? line : [...line, evidence];
}

function outcomeOf(row: Row, table: StringTable): Partial<PageCell> {
  const outcome = row.sample?.outcome;
  if (outcome === undefined) return {};
  if (outcome.kind === 'failed') {
    const { failure, partial } = outcome;
    return {
      f: [table.at(failure.code), table.at(failure.message), failure.http],
      ...(partial === '' ? {} : { pt: table.at(partial) }),
    };
  }
  const calls = outcome.toolCalls.map((call) => `${call.name}(${call.arguments})`).join('\n');
  return {
    a: table.at(outcome.text),
    ...(outcome.reasoning === '' ? {} : { r: table.at(outcome.reasoning) }),
    ...(outcome.refusal === null ? {} : { x: table.at(outcome.refusal) }),
    ...(calls === '' ? {} : { tc: table.at(calls) }),
    ...(outcome.finish === null ? {} : { fi: table.at(outcome.finish) }),
  };
}

const whole = (value: number | null) => (value === null ? null : Math.round(value));

function cellOf(row: Row, target: number, table: StringTable): PageCell {
  const { sample } = row;
  const { times } = row;
  const flags = sample?.flags ?? [];
  const tokens = sample?.usage.completion ?? null;
  return {
    t: target,
    k: kindOrder.indexOf(row.kind),
    ...(row.pass === null ? {} : { p: row.pass ? 1 : 0 }),
    ...(row.score === null ? {} : { s: Number(row.score.toFixed(4)) }),
    ...outcomeOf(row, table),
    ...(row.attempts > 1 ? { n: row.attempts } : {}),
    ...(times.e2eMs === null ? {} : { ms: [whole(times.ttftMs), whole(times.e2eMs)] }),
    ...(tokens === null ? {} : { o: tokens }),
    ...(flags.length === 0 ? {} : { fl: flags.map((flag) => table.at(flag)) }),
    ...(row.findings.length === 0 ? {} : { c: row.findings.map((finding) => findingOf(finding, table)) }),
  };
}

/** Everything the script needs, as a plain value. */
export function pageData(report: Report) {
  const { summary, rows } = report;
  const table = new StringTable();
  const targets = summary.targets.map((target) => target.id);
  const suites = [...new Set(rows.map((row) => row.cell.suite))];
  const tags = [...new Set([...summary.languages, ...rows.map((row) => row.cell.language)])];
  const questions: { readonly m: (readonly [string, number])[]; readonly c: (readonly number[])[] }[] = [];
  const questionAt = new Map<string, number>();
  const cards = new Map<string, PageCard>();
  for (const row of rows) {
    const { cell } = row;
    const questionKey = JSON.stringify([cell.messages, cell.checks]);
    let question = questionAt.get(questionKey);
    if (question === undefined) {
      question =
        questions.push({
          m: cell.messages.map((message) => [message.role, table.at(promptText(message))] as const),
          c: cell.checks.map((spec) => [
            table.at(checkName(spec)),
            table.at(spec.metric),
            table.at(JSON.stringify(spec.params)),
          ]),
        }) - 1;
      questionAt.set(questionKey, question);
    }
    const key = JSON.stringify([cell.suite, cell.test, cell.language, cell.variant, cell.repeat]);
    const card: PageCard = cards.get(key) ?? [
      suites.indexOf(cell.suite),
      table.at(cell.test),
      tags.indexOf(cell.language),
      cell.variant === null ? -1 : table.at(cell.variant),
      cell.repeat,
      question,
      [],
    ];
    cards.set(key, card);
    const entry = cellOf(row, targets.indexOf(cell.target), table);
    card[6].push(question === card[5] ? entry : { ...entry, q: question });
  }
  const kindName = (kind: CellKind) => [kind, kindWords[kind].word];
  return {
    words: cardWords,
    kinds: kindOrder.map(kindName),
    languages: tags.map((tag) => {
      const { english, own } = languageName(tag);
      return [tag, english, own];
    }),
    suites,
    targets,
    questions,
    cards: [...cards.values()],
    strings: table.strings,
  };
}

/** JSON that cannot leave the script element it lies in, nor start a comment there. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
