/** Suites from the disk: finds the files, reads each within limits, and gathers everything that is wrong with them. */
import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CheckCatalogue, Problem, Suite } from '../types.ts';
import type { TransformProblem } from './asserts.ts';
import { readDataSet } from './data-set.ts';
import { decode, FileFault, liesIn, readBounded, resolveInside } from './files.ts';
import { openImageFiles } from './image-file.ts';
import { openJsonFiles } from './json-file.ts';
import { fixedSource, wholeOf, type Mapping, type Spot } from './node.ts';
import { byPlace, collectProblems, type ProblemList } from './problem-list.ts';
import { readSuite } from './suite.ts';
import { didYouMean } from './suggest.ts';
import { maxYamlBytes, readYaml } from './yaml.ts';

export interface LoadedSuites {
  /** Those that could be read; only without errors are they fit to be asked. */
  readonly suites: readonly Suite[];
  readonly problems: readonly Problem[];
}

const maxFiles = 1_000;

/** In a folder of suites these belong to others. */
const noSuites = new Set(['targets.yaml', 'targets.yml']);

/** Loads files, and of folders every suite in them. Never throws for what stands in a suite: it says so in `problems`. */
export async function loadSuites(
  paths: readonly string[],
  checks: CheckCatalogue,
  transformProblem: TransformProblem,
): Promise<LoadedSuites> {
  const problems: Problem[] = [];
  const files = [...new Set(paths.flatMap((given) => findFiles(given, problems)))];
  if (files.length > maxFiles) {
    problems.push(problem(files[maxFiles] ?? '', `more than ${maxFiles} suites`, 'load fewer at a time'));
    return { suites: [], problems };
  }
  const suites: Suite[] = [];
  const names = new Map<string, string>();
  for (const file of files) {
    const name = path.basename(file).replace(/\.ya?ml$/u, '');
    const twin = names.get(name.normalize('NFC'));
    if (twin !== undefined) {
      problems.push(
        problem(file, `a second suite called "${name}", besides ${twin}`, 'rename one of the files'),
      );
      continue;
    }
    names.set(name.normalize('NFC'), file);
    const found = collectProblems(file);
    const suite = await loadFile(file, name, found, checks, transformProblem);
    if (suite !== null) suites.push(suite);
    problems.push(...found.all());
  }
  return { suites, problems: byPlace(problems) };
}

function findFiles(given: string, problems: Problem[]): string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(given).isDirectory();
    if (isStray(given)) {
      problems.push({
        severity: 'error',
        message: `${given} is a link that leads out of the working directory`,
        hint: 'name the place that it leads to, if that is meant',
        place: null,
      });
      return [];
    }
  } catch {
    problems.push({
      severity: 'error',
      message: `there is no suite ${given}`,
      hint: suggestPath(given),
      place: null,
    });
    return [];
  }
  if (!isFolder) {
    if (/\.ya?ml$/u.test(given)) return [path.normalize(given)];
    problems.push({
      severity: 'error',
      message: `${given} is not a suite`,
      hint: 'a suite is a .yaml file, or a folder of them',
      place: null,
    });
    return [];
  }
  const found = readdirSync(given)
    .filter((name) => /\.ya?ml$/u.test(name) && !noSuites.has(name))
    .toSorted()
    .map((name) => path.join(given, name));
  if (found.length === 0)
    problems.push({
      severity: 'error',
      message: `there is no suite in ${given}`,
      hint: 'a suite is a .yaml file',
      place: null,
    });
  return found;
}

function suggestPath(given: string): string | null {
  try {
    const folder = path.dirname(given);
    const names = readdirSync(folder).filter((name) => /\.ya?ml$/u.test(name));
    const hint = didYouMean(path.basename(given), names);
    return hint === null || !hint.startsWith('did you mean "')
      ? hint
      : `did you mean "${path.join(folder, hint.slice(14, -2))}"?`;
  } catch {
    return null;
  }
}

const problem = (file: string, message: string, hint: string | null): Problem => ({
  severity: 'error',
  message,
  hint,
  place: { file, line: 1, column: 1 },
});

async function loadFile(
  file: string,
  name: string,
  problems: ProblemList,
  checks: CheckCatalogue,
  transformProblem: TransformProblem,
): Promise<Suite | null> {
  const whole = wholeOf(fixedSource(file, 1));
  let bytes: Buffer;
  let text: string;
  const root = rootOf(file);
  try {
    bytes = readBounded(insideOf(root, file), maxYamlBytes);
    text = decode(bytes);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    problems.error(
      whole,
      `the file ${error.message}`,
      error.message.includes('larger') ? 'move the tests to a data file and name it in tests_from' : null,
    );
    return null;
  }
  const tree = readYaml(file, text, problems);
  if (tree === null) return null;
  const base = path.dirname(file);
  const tools = {
    checks,
    transformProblem,
    files: openJsonFiles(root, base),
    images: openImageFiles(root, base),
  };
  const readTests = async (written: string, spot: Spot): Promise<Mapping[]> => {
    const resolved = resolveInside(root, base, written);
    if ('file' in resolved) return readDataSet(resolved.file, path.join(base, written), spot, problems);
    problems.error(spot, resolved.refusal.message, resolved.refusal.hint);
    return [];
  };
  return readSuite(
    tree,
    { name, file: file.split(path.sep).join('/'), sha256: createHash('sha256').update(bytes).digest('hex') },
    tools,
    readTests,
    problems,
  );
}

/** Whether a path of the working directory is really one of somewhere else: a checkout may bring such links along. */
function isStray(given: string): boolean {
  const here = process.cwd();
  return liesIn(path.resolve(given), here) && !liesIn(realpathSync(given), realpathSync(here));
}

/** The real path of a suite, which lies where it may read too. Throws a `FileFault`. */
function insideOf(root: string, file: string): string {
  let real: string;
  try {
    real = realpathSync(file);
  } catch (error) {
    throw new FileFault(`cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  if (!liesIn(real, realpathSync(root)))
    throw new FileFault(`is a link that leads out of ${path.basename(path.resolve(root))}/`);
  return real;
}

/** What a suite may read: `suites/` of the working directory when it lies there, else its own folder. */
function rootOf(file: string): string {
  const shared = path.resolve('suites');
  try {
    if (liesIn(realpathSync(file), realpathSync(shared))) return shared;
  } catch {
    // No such folder here.
  }
  return path.dirname(file);
}
