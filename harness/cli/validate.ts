/** `visavis validate`: everything that can be known about suites and targets without asking anybody. */
import { existsSync } from 'node:fs';
import { gateNames } from '../aggregate/gates/names.ts';
import { exitCode } from '../errors.ts';
import { expand } from '../plan/expand.ts';
import { loadTargets } from '../suite/targets.ts';
import type { Problem, Suite, Targets } from '../types.ts';
import { loadCheckedSuites } from './checked-suites.ts';
import { gateProblems } from './gates.ts';
import { defaultTargets } from './prepare.ts';
import { openStreams, printProblems } from './streams.ts';

export async function runValidate(
  paths: readonly string[],
  options: { targets: string | null; color: boolean; json: boolean },
): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: false });
  const { suites, problems: found } = await loadCheckedSuites(paths.length === 0 ? ['suites'] : paths);
  const file = options.targets ?? (paths.length === 0 && existsSync(defaultTargets) ? defaultTargets : null);
  const whom = file === null ? null : await loadTargets(file);
  const said = [...found, ...(whom?.problems ?? [])];
  const isSound = said.every((problem) => problem.severity !== 'error');
  const problems = [...said, ...(isSound ? gatesOf(whom?.targets ?? null, suites) : [])];
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (options.json) {
    streams.printJson({ suites: suites.length, errors, problems }, 2);
  } else {
    printProblems(streams, problems);
    for (const suite of suites) {
      const questions = suite.tests.reduce((sum, test) => sum + test.questions.length, 0);
      streams.print(
        `${suite.file}: ${counted(suite.tests.length, 'test')}, ${counted(suite.languages.length, 'language')}, ${counted(questions, 'question')}`,
      );
    }
    streams.print(
      errors === 0 ? streams.paintOut('green', 'valid') : streams.paintOut('red', counted(errors, 'error')),
    );
  }
  return errors === 0 ? exitCode.done : exitCode.invalid;
}

/** What is wrong with the gates beside these suites; an earlier run may still be named when they are asked. */
function gatesOf(targets: Targets | null, suites: readonly Suite[]): Problem[] {
  const gates = targets?.gates ?? [];
  if (targets === null || gates.length === 0 || suites.length === 0) return [];
  const { cells } = expand(suites, targets.targets);
  const ids = targets.targets.map(({ id }) => id);
  return gateProblems(gates, gateNames(cells, ids, true));
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
