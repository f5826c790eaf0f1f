/**
 * What a build server of GitHub shows beside the log: an annotation for each gate, and the summary on the page of the
 * job. Nothing is said anywhere else. Text from outside is one line, and cannot begin a command.
 */
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { formats } from '../report/index.ts';
import type { GateState, Summary } from '../types.ts';
import type { Streams } from './streams.ts';
import { isOnGitHub, safeLine } from './terminal.ts';

/** What a job shows of one kind; the rest is in the log and in the files. */
const shownAtMost = 10;
/** Bytes that a step's summary may have. */
const stepSummaryBytes = 1024 * 1024;

const commands: Readonly<Record<GateState, string>> = {
  fail: 'error',
  inconclusive: 'warning',
  pass: 'notice',
};
const titles: Readonly<Record<GateState, string>> = {
  fail: 'gate not held',
  inconclusive: 'gate undecided, not passed',
  pass: 'gate held',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** One command per gate, those that stop the run first; at most ten of a kind, as many as are shown. */
export function annotationLines({ gates }: Pick<Summary, 'gates'>): string[] {
  return (['fail', 'inconclusive', 'pass'] as const).flatMap((state) => {
    const own = gates.filter((gate) => gate.state === state);
    const cut = own.length > shownAtMost ? shownAtMost - 1 : own.length;
    const shown = own.slice(0, cut).map(({ expression, sentence }) => ({
      title: `${titles[state]}: ${expression}`,
      text: sentence,
    }));
    const rest = own.length - cut;
    const more =
      rest === 0 ? [] : [{ title: titles[state], text: `${rest} more: see the log or summary.md.` }];
    return [...shown, ...more].map(
      ({ title, text }) =>
        `::${commands[state]} title=${property(safeLine(title))}::${message(safeLine(text, 1000))}`,
    );
  });
}

/** Escaped as the toolkit of the build server does it. */
function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Nothing unless this is a job of GitHub. A summary that cannot be written is a remark, not an end. */
export function sayInCi(
  streams: Pick<Streams, 'warn' | 'command'>,
  folder: string,
  summary: Summary,
  env: Environment = process.env,
): void {
  if (!isOnGitHub(env)) return;
  for (const line of annotationLines(summary)) streams.command(line);
  const page = env['GITHUB_STEP_SUMMARY'];
  if (page === undefined || page === '') return;
  try {
    const text = readFileSync(path.join(folder, formats.markdown.file));
    const there = statSync(page, { throwIfNoEntry: false })?.size ?? 0;
    if (there + text.length + 1 > stepSummaryBytes)
      streams.warn('the summary of this step is full: summary.md is in the run folder only');
    else appendFileSync(page, `${text.toString('utf8')}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    streams.warn(`the summary of this step could not be written: ${safeLine(why)}`);
  }
}
