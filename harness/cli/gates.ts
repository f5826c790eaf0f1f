/** Gates as a person writes them, in a file or on the command line: read, checked against the plan, and obeyed. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { areHeld } from '../aggregate/gates/judge.ts';
import type { GateFault, GateNames } from '../aggregate/gates/expression.ts';
import { parseGate } from '../aggregate/gates/parse.ts';
import { exitCode, PersonError, personError } from '../errors.ts';
import { decode, FileFault, readBounded } from '../suite/files.ts';
import { maxGates } from '../suite/gate-list.ts';
import { didYouMean, nearest } from '../suite/suggest.ts';
import type { GateText, Place, Problem, Summary } from '../types.ts';

/** A gate with the place of its first character. */
export interface WrittenGate extends GateText {
  readonly place: Place;
}

const maxFileBytes = 1024 * 1024;

/** What `--gate` named, in its order: an expression, or a file with one on each line. Throws a `PersonError`. */
export function gatesOfFlags(flags: readonly string[]): WrittenGate[] {
  return flags.flatMap((flag) => {
    if (isGateFile(flag)) return gatesOfFile(flag);
    if (!/[<>=]/u.test(flag) && flag.trim() !== 'all-pass')
      throw personError(`--gate ${JSON.stringify(flag)}: no such file, and no gate`, {
        hint:
          nearest(flag, ['all-pass']) === null
            ? 'as in --gate "qwen.score >= 0.8", or --gate all-pass'
            : 'did you mean "all-pass"?',
      });
    return [
      {
        expression: flag.normalize('NFC').trim(),
        from: '--gate',
        place: { file: `--gate "${flag.trim()}"`, line: 1, column: 1 },
      },
    ];
  });
}

/** Whether the word after `--gate` is a file. */
export function isGateFile(flag: string): boolean {
  return existsSync(flag) && statSync(flag).isFile();
}

/** One gate a line; empty lines and lines that begin with # are passed over. */
function gatesOfFile(file: string): WrittenGate[] {
  let text: string;
  try {
    text = decode(readBounded(realpathSync(file), maxFileBytes));
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    throw personError(`--gate ${file}: the file ${error.message}`);
  }
  const gates = text.split(/\r?\n/u).flatMap((line, at): WrittenGate[] => {
    const expression = line.normalize('NFC').trim();
    if (expression === '' || expression.startsWith('#')) return [];
    const column = line.length - line.trimStart().length + 1;
    return [{ expression, from: `${file}:${at + 1}:${column}`, place: { file, line: at + 1, column } }];
  });
  if (gates.length === 0)
    throw personError(`--gate ${file}: no gate in the file`, { hint: 'one a line, as in qwen.score >= 0.8' });
  if (gates.length > maxGates)
    throw personError(`--gate ${file}: ${gates.length} gates`, { hint: `${maxGates} at most` });
  return gates;
}

/** What is wrong with the gates beside this plan: one problem for each that cannot be read. */
export function gateProblems(gates: readonly WrittenGate[], names: GateNames): Problem[] {
  return gates.flatMap(({ expression, place }) => {
    const parsed = parseGate(expression, names);
    if (!('fault' in parsed)) return [];
    const { fault } = parsed;
    return [
      {
        severity: 'error' as const,
        message: fault.message,
        hint: hintOf(fault),
        place: { ...place, column: place.column + fault.at },
      },
    ];
  });
}

function hintOf({ hint, word, known }: GateFault): string | null {
  return hint ?? (word === null ? null : didYouMean(word, known));
}

/** The gates of a run, each read once against its plan. Throws a `PersonError` with every fault. */
export function checkGates(gates: readonly WrittenGate[], names: GateNames): GateText[] {
  const problems = gateProblems(gates, names);
  if (problems.length > 0) throw new PersonError(problems);
  return gates.map(({ expression, from }) => ({ expression, from }));
}

/**
 * What a finished run leaves with: 6 when answers are missing beyond what the targets file allows, 1 when a gate is not
 * passed (failed or undecided), else 0. Low scores alone are no failure.
 */
export function exitOf(summary: Pick<Summary, 'run' | 'gates'>): number {
  if (!summary.run.complete) return exitCode.incomplete;
  return areHeld(summary.gates) ? exitCode.done : exitCode.gate;
}
