/** The run that another one is compared with: read as it lies there, mended by nobody. */
import { effectiveSamples } from '../aggregate/effective.ts';
import { nameOfRun } from '../aggregate/run-compare.ts';
import { recall, type Recalled } from '../record/recall.ts';
import type { EarlierRun } from '../types.ts';

/** What a comparison takes of a run, however it ended. Throws a `PersonError` when the folder cannot be read. */
export function earlierOf({ manifest, plan, samples }: Recalled): EarlierRun {
  const asked = samples.filter((sample) => sample.phase === 'quality');
  const effective = effectiveSamples(plan, asked);
  return {
    name: nameOfRun(manifest),
    targets: manifest.targets.map(({ id, model, endpoint }) => ({ id, model, endpoint })),
    cells: plan.cells.map(({ key, suite, test, language, variant, target, repeat }) => ({
      key,
      suite,
      test,
      language,
      variant,
      target,
      repeat,
    })),
    samples: plan.cells.flatMap(({ key }) => effective.get(key)?.sample ?? []),
  };
}

/** The same, from its folder. `onDamage` hears what had to be skipped. */
export function readEarlier(folder: string, onDamage: (line: string) => void): EarlierRun {
  const truth = recall(folder);
  truth.damage.forEach(onDamage);
  return earlierOf(truth);
}
