/**
 * Everything that is derived from the truth of a run, made in one way only: from the saved files. A run's own report
 * goes through here too, so a report made again next year has the same bytes.
 */
import path from 'node:path';
import { aggregate } from '../aggregate/aggregate.ts';
import { effectiveSamples } from '../aggregate/effective.ts';
import { isUndisturbed, timesOf } from '../aggregate/times.ts';
import { exitCode } from '../errors.ts';
import { sealedLines } from '../record/plan-file.ts';
import { recall, type Recalled } from '../record/recall.ts';
import { replaceFile } from '../record/replace-file.ts';
import { files, findRun } from '../record/run-folder.ts';
import { formats } from '../report/index.ts';
import { checks } from '../score/checks/index.ts';
import { scoreCell, type ScoreContext } from '../score/score.ts';
import type { Finding, Report, Sample, Summary, TargetRecord } from '../types.ts';
import { openStreams, type Streams } from './streams.ts';
import { resultTable } from './table.ts';
import { safeLine, safeText } from './terminal.ts';
import { version } from './version.ts';

/** Scores every cell of a run by the checks in its plan and replaces `findings.jsonl`. */
export async function scoreRun(folder: string, truth: Recalled): Promise<Finding[]> {
  const samples = effectiveSamples(
    truth.plan,
    truth.samples.filter((sample) => sample.phase === 'quality'),
  );
  const replayed = new Set(
    truth.manifest.targets.filter((target) => target.authored !== null).map((target) => target.id),
  );
  const callers = new Set(
    [...samples.values()].filter(({ sample }) => hasCalls(sample)).map(({ sample }) => sample.target),
  );
  const tools = new Map(
    truth.manifest.targets.map(({ id, facts }) => [id, callers.has(id) ? true : takesTools(facts)]),
  );
  const context: ScoreContext = {
    catalogue: checks,
    times: (cell, sample) => (replayed.has(cell.target) || !isUndisturbed(sample) ? null : timesOf(sample)),
    impl: `visavis-${version}`,
    takesTools: (cell) => tools.get(cell.target) ?? null,
  };
  const findings: Finding[] = [];
  for (const cell of truth.plan.cells)
    findings.push(...(await scoreCell(cell, samples.get(cell.key)?.sample ?? null, context)));
  replaceFile(path.join(folder, files.findings), sealedLines(findings));
  return findings;
}

function hasCalls({ outcome }: Sample): boolean {
  return outcome.kind === 'answered' && outcome.toolCalls.length > 0;
}

/**
 * Whether a target that called nothing in this run takes tools, by what its probe saw. A server that took them and made
 * no call is not known to take none: the model may have chosen not to call.
 */
function takesTools(facts: TargetRecord['facts']): boolean | null {
  const seen = facts?.['tools'];
  return seen === 'called' ? true : seen === 'refused' ? false : null;
}

/** Makes the report files from truth and findings. */
export function renderRun(folder: string, truth: Recalled, findings: readonly Finding[]): Report {
  const report = aggregate({ ...truth, findings });
  for (const format of Object.values(formats))
    replaceFile(path.join(folder, format.file), format.render(report));
  return report;
}

/** Scores and reports a run that has just ended. */
export async function deriveRun(folder: string): Promise<Report> {
  const truth = recall(folder);
  return renderRun(folder, truth, await scoreRun(folder, truth));
}

/** What a finished run says on standard output; the path of the report comes last. */
export function printResult(streams: Streams, folder: string, summary: Summary, json: boolean): void {
  const report = path.join(folder, 'report.html');
  if (json) {
    streams.print(JSON.stringify({ folder, report, summary }));
    return;
  }
  for (const note of summary.notes) {
    if (note.code === 'demo' || note.level === 'warning')
      streams.print(streams.paintOut('yellow', safeText(note.text)));
  }
  streams.print(resultTable(summary, streams.paintOut));
  for (const sentence of summary.verdict.sentences) streams.print(safeLine(sentence, 400));
  streams.print(report);
}

/** 6 when answers are missing beyond what the targets file allows, else 0: low scores alone are no failure. */
export function completeness(summary: Summary): number {
  return summary.run.complete ? exitCode.done : exitCode.incomplete;
}

export async function runScore(run: string, options: { output: string; color: boolean }): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: false });
  const folder = findRun(options.output, run === 'latest' ? null : run);
  const truth = recall(folder);
  for (const line of truth.damage) streams.warn(line);
  const { summary } = renderRun(folder, truth, await scoreRun(folder, truth));
  printResult(streams, folder, summary, false);
  return completeness(summary);
}

/** Findings are derived and cheap: a report made from old ones could show answers that were never scored. */
export const runReport = runScore;
