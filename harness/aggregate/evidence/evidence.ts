/**
 * What the checks saw in the answers, read off the details of their verdicts. A file and a row here add a reader; a
 * check that no reader knows leaves no evidence.
 */
import type { Evidence } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { readChoices } from './choices.ts';
import { readFields } from './fields.ts';
import { readLanguages } from './languages.ts';
import { readNumbers } from './numbers.ts';
import { readStages } from './stages.ts';
import { readViolations } from './violations.ts';

/** The evidence of a run, in the order of the report's axes. `seed`: of the run, for intervals that draw. */
export function evidenceOf(axes: Axes, rows: readonly JoinedRow[], seed: number): Evidence {
  return {
    numbers: readNumbers(axes, rows),
    choices: readChoices(axes, rows),
    languages: readLanguages(axes, rows, seed),
    stages: readStages(axes, rows),
    violations: readViolations(axes, rows),
    fields: readFields(axes, rows, seed),
  };
}
