/** `visavis compare <earlier> <later>`: what changed between two saved runs, regressions first. Writes nothing. */
import { compareTwo } from '../aggregate/compare-two.ts';
import { areHeld } from '../aggregate/gates/judge.ts';
import { gateNames } from '../aggregate/gates/names.ts';
import { exitCode } from '../errors.ts';
import { recall, type Recalled } from '../record/recall.ts';
import { findRun } from '../record/run-folder.ts';
import { boundLines } from '../report/markdown.ts';
import { gatesSection, sinceSection } from '../report/markdown-front.ts';
import {
  sinceView,
  type ChangeLine,
  type SideText,
  type SinceLine,
  type SinceView,
} from '../report/view/since.ts';
import type { Finding, GateResult, RunComparison } from '../types.ts';
import { scoreEarlier, scoreTruth } from './derived.ts';
import { earlierOf } from './earlier.ts';
import { gateLines } from './gate-lines.ts';
import { checkGates, gatesOfFlags } from './gates.ts';
import { openJudges } from './judges/pool.ts';
import { openStreams, type Streams } from './streams.ts';
import { plainTable } from './table.ts';
import { safeLine, safeText } from './terminal.ts';

export interface CompareOptions {
  /** Where run folders are looked for. */
  readonly output: string;
  readonly gates: readonly string[];
  readonly form: 'table' | 'json' | 'markdown';
  readonly color: boolean;
}

/** 0 whatever changed, unless a gate says otherwise: 1. */
export async function runCompare(before: string, after: string, options: CompareOptions): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: options.form !== 'table' });
  const [earlier, later] = [before, after].map((name) => read(name, options.output, streams));
  if (earlier === undefined || later === undefined) return exitCode.invalid;
  const targets = later.manifest.targets.map(({ id }) => id);
  const gates = checkGates(gatesOfFlags(options.gates), gateNames(later.plan.cells, targets, true));
  const judges = openJudges();
  try {
    const findings: Finding[] = [];
    for await (const ofCell of scoreTruth(later, judges)) findings.push(...ofCell);
    const answers = await scoreEarlier(earlierOf(earlier), later, judges);
    const found = compareTwo({ ...later, findings, earlier: answers, gates });
    print(streams, found.comparison, found.gates, options.form);
    return areHeld(found.gates) ? exitCode.done : exitCode.gate;
  } finally {
    await judges.end();
  }
}

function read(name: string, reports: string, streams: Streams): Recalled {
  const folder = findRun(reports, name === 'latest' ? null : name);
  const truth = recall(folder);
  for (const line of truth.damage) streams.warn(`${folder}: ${line}`);
  return truth;
}

function print(
  streams: Streams,
  comparison: RunComparison,
  gates: readonly GateResult[],
  form: CompareOptions['form'],
): void {
  if (form === 'json') {
    streams.printJson({ comparison, gates });
    return;
  }
  if (form === 'markdown') {
    streams.printMarkdown(boundLines([...sinceSection(comparison), ...gatesSection({ gates })]).trimEnd());
    return;
  }
  const view = sinceView(comparison);
  streams.fromOutside('out', () => {
    streams.print(`${safeText(view.earlier)} -> ${safeText(comparison.later.id)}: ${view.extent}`);
    for (const remark of view.remarks) streams.print(`  ${safeLine(remark, 400)}`);
    streams.print(plainTable(tableOf(view)));
    const still = view.byLanguage.filter((line) => !line.hasChanged).length;
    if (still > 0)
      streams.print(`  without a change: ${still} of ${view.byLanguage.length} languages of a target`);
    for (const sentence of view.sentences) streams.print(safeLine(sentence, 400));
    if (view.changes.length > 0) {
      streams.print(`cells that changed, ${view.changes.length} of ${view.distinct}:`);
      streams.quote(view.changes.flatMap(changeLines).join('\n'));
    }
    for (const line of gateLines({ gates }, streams.paintOut)) streams.print(line);
  });
}

/** Every target; of the languages those in which anything changed. */
function tableOf({ heads, overall, byLanguage }: SinceView): string[][] {
  const row = ({ target, language, difference, word, counts }: SinceLine): string[] => [
    safeText(target),
    language === null ? 'all' : safeText(language.tag),
    `${difference.value}${difference.interval === '' ? '' : ` [${difference.interval}]`}`,
    `n ${difference.n}, ${difference.missing} missing`,
    word,
    ...counts.map(String),
  ];
  const moved = byLanguage.filter((line) => line.hasChanged);
  return [['', '', 'points', '', '', ...heads], ...[...overall, ...moved].map(row)];
}

function changeLines({ word, target, language, place, before, after }: ChangeLine): string[] {
  const side = (name: string, { kind, score, excerpt }: SideText): string =>
    `  ${name} ${kind}, ${score}: ${safeLine(excerpt)}`;
  return [
    `${word}: ${safeLine(place)} [${safeText(language.tag)}] ${safeText(target)}`,
    side('then', before),
    side('now ', after),
  ];
}
