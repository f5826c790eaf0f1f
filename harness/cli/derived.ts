/**
 * Everything that is derived from the truth of a run, made in one way only: from the saved files. A run's own report
 * goes through here too, so a report made again next year has the same bytes.
 */
import path from 'node:path';
import { aggregate } from '../aggregate/aggregate.ts';
import { effectiveSamples } from '../aggregate/effective.ts';
import type { EarlierAnswers } from '../aggregate/run-compare.ts';
import { isUndisturbed, timesOf } from '../aggregate/times.ts';
import { recallEarlier } from '../record/earlier.ts';
import { sealLine } from '../record/line.ts';
import { recall, recallFindings, type Recalled } from '../record/recall.ts';
import { openReplacement, replaceFile } from '../record/replace-file.ts';
import { files, findRun } from '../record/run-folder.ts';
import { formats } from '../report/index.ts';
import type { EarlierRun, Finding, Report, ReportOptions, Sample, Summary, TargetRecord } from '../types.ts';
import { sayInCi } from './annotations.ts';
import { gateLines } from './gate-lines.ts';
import { exitOf } from './gates.ts';
import { openJudges, type Judges } from './judges/pool.ts';
import { startCount, type Count } from './progress.ts';
import { scoreCells } from './scoring.ts';
import { shardExit } from './shard-exit.ts';
import { spareMemory } from './sparing.ts';
import { openStreams, type Streams } from './streams.ts';
import { resultTable } from './table.ts';
import { safeLine, safeText } from './terminal.ts';

/** Scores every cell of a run by the checks in its plan and replaces `findings.jsonl`, line by line. */
export async function scoreRun(
  folder: string,
  truth: Recalled,
  judges: Judges,
  progress: (total: number) => Count,
): Promise<void> {
  const findings = openReplacement(path.join(folder, files.findings));
  const shown = progress(truth.plan.cells.length);
  try {
    for await (const ofCell of scoreTruth(truth, judges)) {
      for (const finding of ofCell) findings.write(sealLine(finding));
      shown.tick();
    }
    findings.commit();
  } finally {
    shown.stop();
    findings.discard();
  }
}

/** The findings of every cell of a plan, in its order. */
export function scoreTruth(
  { manifest, plan, samples: all }: Pick<Recalled, 'manifest' | 'plan' | 'samples'>,
  judges: Judges,
): AsyncGenerator<readonly Finding[]> {
  const samples = effectiveSamples(
    plan,
    all.filter((sample) => sample.phase === 'quality'),
  );
  const replayed = new Set(
    manifest.targets.filter((target) => target.authored !== null).map((target) => target.id),
  );
  const callers = new Set(
    [...samples.values()].filter(({ sample }) => hasCalls(sample)).map(({ sample }) => sample.target),
  );
  const tools = new Map(
    manifest.targets.map(({ id, facts }) => [id, callers.has(id) ? true : takesTools(facts)]),
  );
  return scoreCells(
    {
      cells: plan.cells,
      sampleOf: (cell) => samples.get(cell.key)?.sample ?? null,
      times: (cell, sample) => (replayed.has(cell.target) || !isUndisturbed(sample) ? null : timesOf(sample)),
      takesTools: (cell) => tools.get(cell.target) ?? null,
    },
    judges,
  );
}

/** The answers of an earlier run, scored by the checks of this one: a ruler that changed is no answer that did. */
export async function scoreEarlier(
  run: EarlierRun,
  { manifest, plan }: Pick<Recalled, 'manifest' | 'plan'>,
  judges: Judges,
): Promise<EarlierAnswers> {
  const keys = new Set(run.cells.map(({ key }) => key));
  const cells = plan.cells.filter(({ key }) => keys.has(key));
  const findings: Finding[] = [];
  for await (const ofCell of scoreTruth({ manifest, plan: { cells }, samples: run.samples }, judges))
    findings.push(...ofCell);
  return { run, findings };
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
export function renderRun(
  folder: string,
  truth: Recalled,
  options: ReportOptions = {},
  earlier: EarlierAnswers | null = null,
): Report {
  const report = aggregate({ ...truth, findings: recallFindings(folder, truth.plan), earlier });
  // What the numbers were made from is let go, and there is room again.
  spareMemory('rendering');
  for (const format of Object.values(formats))
    replaceFile(path.join(folder, format.file), format.render(report, options));
  return report;
}

/** Scores and reports a run. `onDamage` hears what of its files had to be skipped. */
export async function deriveRun(
  folder: string,
  streams: Streams,
  quiet: boolean,
  onDamage: (line: string) => void = () => {},
  options: ReportOptions = {},
): Promise<Report> {
  spareMemory('aggregating');
  // Their first thread starts while the files are read, and all are gone before the report needs the memory.
  const judges = openJudges();
  let truth: Recalled;
  let earlier: EarlierAnswers | null = null;
  try {
    truth = recall(folder);
    truth.damage.forEach(onDamage);
    await scoreRun(folder, truth, judges, (total) =>
      startCount({ stream: streams.err, what: 'scored', total, quiet, clock: () => performance.now() }),
    );
    const before = recallEarlier(folder, truth.manifest);
    if (before !== null) earlier = await scoreEarlier(before, truth, judges);
  } finally {
    await judges.end();
  }
  return renderRun(folder, truth, options, earlier);
}

/**
 * What a finished run says on standard output, the path of the report last, and to the build server that it runs on.
 * `more`: what else the document says.
 */
export function printResult(
  streams: Streams,
  folder: string,
  summary: Summary,
  json: boolean,
  more: object = {},
): void {
  const report = path.join(folder, 'report.html');
  if (json) streams.printJson({ folder, report, ...more, summary });
  else printTable(streams, report, summary);
  sayInCi(streams, folder, summary);
}

function printTable(streams: Streams, report: string, summary: Summary): void {
  streams.fromOutside('out', () => {
    for (const note of summary.notes) {
      if (note.code === 'demo' || note.level === 'warning')
        streams.print(streams.paintOut('yellow', safeText(note.text)));
    }
    streams.print(resultTable(summary, streams.paintOut));
    for (const sentence of summary.verdict.sentences) streams.print(safeLine(sentence, 400));
    for (const line of gateLines(summary, streams.paintOut)) streams.print(line);
  });
  streams.print(report);
}

export interface ScoreOptions extends ReportOptions {
  readonly output: string;
  readonly color: boolean;
}

export async function runScore(run: string, options: ScoreOptions): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: false });
  const folder = findRun(options.output, run === 'latest' ? null : run);
  const report = await deriveRun(folder, streams, false, streams.warn, {
    csvBom: options.csvBom ?? true,
  });
  printResult(streams, folder, report.summary, false);
  return shardExit(report) ?? exitOf(report.summary);
}

/** Findings are derived and cheap: a report made from old ones could show answers that were never scored. */
export const runReport = runScore;
