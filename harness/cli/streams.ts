/**
 * Where a command speaks: the result on standard output, everything else on standard error. The only way there: whatever
 * is said loses keys and what a terminal or a CI log would act on, even where a caller forgot to see to it.
 */
import { randomBytes } from 'node:crypto';
import { formatProblem } from '../errors.ts';
import type { Problem } from '../types.ts';
import { fitToSay, withoutSecrets } from './secrets.ts';
import {
  fitForLog,
  fitMarkdown,
  isOnGitHub,
  isPainted,
  painter,
  quotedLines,
  safeJson,
  safeText,
  type Paint,
} from './terminal.ts';

export interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  readonly paintOut: Paint;
  readonly paintErr: Paint;
  /** The result. */
  readonly print: (text: string) => void;
  /** The result as one JSON document. */
  readonly printJson: (value: unknown, indent?: number) => void;
  /** The result as Markdown. */
  readonly printMarkdown: (text: string) => void;
  /** A line that is to be a command of the build server; what is from outside in it was escaped for that. */
  readonly command: (line: string) => void;
  /** Text from outside, as a part of the result: its lines stand behind a bar. */
  readonly quote: (text: string) => void;
  /** A remark; nothing in quiet mode. */
  readonly say: (text: string) => void;
  /** A remark that is made in quiet mode too. */
  readonly warn: (text: string) => void;
  /** Does `speak`, whose words come from outside: where GitHub reads the log, it heeds no command meanwhile. */
  readonly fromOutside: (stream: 'out' | 'err', speak: () => void) => void;
}

export function openStreams(options: { color: boolean; quiet: boolean }): Streams {
  const { stdout: out, stderr: err } = process;
  const painted = { out: isPainted(out, options.color), err: isPainted(err, options.color) };
  // A result may be about keys; a remark is not.
  const write = (name: 'out' | 'err', text: string): void =>
    name === 'out'
      ? void out.write(`${fitForLog(withoutSecrets(text), painted.out)}\n`)
      : void err.write(`${fitForLog(fitToSay(text), painted.err)}\n`);
  const fromOutside: Streams['fromOutside'] = (name, speak) => {
    if (!isOnGitHub(process.env)) return speak();
    const stream = name === 'out' ? out : err;
    // Nobody outside can guess it, so nobody can end the silence.
    const word = randomBytes(16).toString('hex');
    stream.write(`::stop-commands::${word}\n`);
    try {
      speak();
    } finally {
      stream.write(`::${word}::\n`);
    }
  };
  return {
    out,
    err,
    paintOut: painter(painted.out),
    paintErr: painter(painted.err),
    print: (text) => write('out', text),
    // What is cut out stands inside of a string: it stays JSON.
    printJson: (value, indent) => void out.write(`${withoutSecrets(safeJson(value, indent))}\n`),
    printMarkdown: (text) => void out.write(`${fitMarkdown(withoutSecrets(text))}\n`),
    command: (line) => void err.write(`${safeText(fitToSay(line)).replaceAll('\n', ' ')}\n`),
    quote: (text) => fromOutside('out', () => write('out', quotedLines(text))),
    say: (text) => {
      if (!options.quiet) write('err', text);
    },
    warn: (text) => write('err', text),
    fromOutside,
  };
}

/** Prints problems, one line each; errors in red on a terminal. */
export function printProblems(streams: Streams, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  streams.fromOutside('err', () => {
    for (const problem of problems) {
      const word =
        problem.severity === 'error'
          ? streams.paintErr('red', 'error')
          : streams.paintErr('yellow', 'warning');
      streams.warn(`${word} ${oneLine(formatProblem(problem))}`);
    }
  });
}

/** Names of files may hold anything. */
const oneLine = (text: string): string => safeText(text).replaceAll('\n', String.raw`\u{A}`);
