/** From words on the command line to suites, targets and a plan. Nothing here touches a network. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PersonError, personError } from '../errors.ts';
import { gateNames } from '../aggregate/gates/names.ts';
import { expand } from '../plan/expand.ts';
import { ownPart, shardWarnings, shareOf } from '../plan/shard.ts';
import { planSpeed } from '../plan/speed.ts';
import { compilePattern } from '../score/checks/pattern.ts';
import { icuProblem } from '../score/words.ts';
import { defaultSpeed } from '../suite/speed-spec.ts';
import { loadTargets, parseTargetFlag } from '../suite/targets.ts';
import type { GateText, Plan, Problem, Shard, SpeedPlan, Suite, Target, Targets } from '../types.ts';
import { loadCheckedSuites } from './checked-suites.ts';
import { checkGates, gateProblems, gatesOfFlags } from './gates.ts';

export const defaultTargets = path.join('suites', 'targets.yaml');

/** What decides the plan; kept in the manifest, so that a resume means the same. */
export interface Invocation {
  readonly suites: readonly string[];
  readonly targetsFile: string | null;
  readonly targetFlags: readonly string[];
  readonly concurrency: number | null;
  readonly repeat: number | null;
  readonly languages: readonly string[] | null;
  readonly filterTests: string | null;
  readonly limit: number | null;
  readonly seed: number;
  /** With a speed phase. Absent in runs made before there was one. */
  readonly speed?: boolean;
  /** How many workers hold the load of the speed phase together; absent: this process holds it. */
  readonly clients?: number | null;
  /** The baseline twice, and nobody else: whatever differs is noise. */
  readonly aa?: boolean;
  /** Only this part of the plan is asked; absent or null: all of it. Decides nothing in the plan. */
  readonly shard?: Shard | null;
  /** What the run must bear out: expressions, and files of them. Absent: nothing but what the targets file says. */
  readonly gates?: readonly string[];
  /** The folder of the run it is compared with; null or absent: none. */
  readonly earlier?: string | null;
  /** Where the words were given, as seen from the run folder: paths in them are relative to it. */
  readonly from?: string;
}

export interface Prepared {
  readonly suites: readonly Suite[];
  readonly targets: Targets;
  readonly plan: Plan;
  readonly speedPlan: SpeedPlan | null;
  readonly gates: readonly GateText[];
  readonly warnings: readonly Problem[];
}

/** Loads and expands. Throws a `PersonError` with every error found, not only the first. */
export async function prepare(invocation: Invocation): Promise<Prepared> {
  const icu = icuProblem();
  if (icu !== null) throw personError(icu, { hint: 'use a Node.js built with full ICU' });
  const loaded = await loadCheckedSuites(invocation.suites);
  const whom = await whomToAsk(invocation);
  const problems = [...loaded.problems, ...whom.problems];
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new PersonError(errors);
  if (whom.targets === null) throw personError('there is nobody to ask');
  const shard = invocation.shard ?? null;
  const targets = sharedBy(shard, invocation.aa === true ? twice(whom.targets) : whom.targets);
  checkLanguages(invocation.languages, loaded.suites);
  const plan = expand(loaded.suites, targets.targets, {
    repeat: invocation.repeat,
    languages: invocation.languages,
    tests: testFilter(invocation.filterTests),
    limit: invocation.limit,
  });
  if (plan.cells.length === 0)
    throw personError('nothing to ask: no test is left', { hint: 'loosen --filter-tests or --languages' });
  const speedPlan =
    invocation.speed === true
      ? planSpeed(plan, loaded.suites, targets.speed, {
          seed: invocation.seed,
          alone: targets.order === 'by-target',
          clients: invocation.clients ?? 1,
        })
      : null;
  const { requests } = ownPart({ plan, speedPlan }, shard);
  const warnings = shardWarnings(targets.targets, shard, requests.length > 0);
  const gates = gatesFor(invocation, targets, plan);
  return {
    suites: loaded.suites,
    targets,
    plan,
    speedPlan,
    gates: gates.texts,
    warnings: [
      ...problems.filter((problem) => problem.severity === 'warning'),
      ...gates.warnings,
      ...warnings.map((message): Problem => ({ severity: 'warning', message, hint: null, place: null })),
    ],
  };
}

/**
 * Gates of the command line must fit the plan; those of the targets file too, unless the words of today leave out part of
 * it: then they are undecided, and that is said. A run that asks one target twice measures noise, and claims nothing.
 */
function gatesFor(
  invocation: Invocation,
  targets: Targets,
  plan: Plan,
): { readonly texts: readonly GateText[]; readonly warnings: readonly Problem[] } {
  if (invocation.aa === true) return { texts: [], warnings: [] };
  const ids = targets.targets.map((target) => target.id);
  const names = gateNames(plan.cells, ids, (invocation.earlier ?? null) !== null);
  const isPart =
    invocation.languages !== null || invocation.filterTests !== null || invocation.limit !== null;
  const ofFile = targets.gates ?? [];
  const unfit = isPart ? gateProblems(ofFile, names) : [];
  const flags = gatesOfFlags(invocation.gates ?? []);
  const checked = checkGates([...(isPart ? [] : ofFile), ...flags], names);
  const texts = ofFile.map(({ expression, from }) => ({ expression, from }));
  return {
    texts: isPart ? [...texts, ...checked] : checked,
    warnings: unfit.map((problem) => ({
      ...problem,
      severity: 'warning',
      hint: 'only a part is asked: this gate stays undecided',
    })),
  };
}

function sharedBy(shard: Shard | null, targets: Targets): Targets {
  return { ...targets, targets: targets.targets.map((target) => shareOf(target, shard)) };
}

/** The name of a baseline that is asked a second time. */
const secondName = (id: string): string => `${id}-again`;

function twice(targets: Targets): Targets {
  const baseline = targets.targets.find((target) => target.id === targets.baseline);
  if (baseline === undefined) throw personError('there is nobody to ask twice');
  return {
    ...targets,
    targets: [
      baseline, // One server answers for both.
      { ...baseline, id: secondName(baseline.id), launch: null },
    ],
  };
}

async function whomToAsk(invocation: Invocation): Promise<{ targets: Targets | null; problems: Problem[] }> {
  const concurrent = (targets: Targets): Targets =>
    invocation.concurrency === null
      ? targets
      : {
          ...targets,
          targets: targets.targets.map((target) => ({
            ...target,
            concurrency: invocation.concurrency ?? target.concurrency,
          })),
        };
  if (invocation.targetFlags.length > 0) {
    const targets = invocation.targetFlags.map(parseTargetFlag).map(withKeyVariable);
    const ids = targets.map((target) => target.id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined)
      throw personError(`--target ${twice} is given twice`, { hint: 'give each target its own id' });
    return {
      targets: concurrent({
        targets,
        baseline: ids[0] ?? '',
        maxErrorRate: 0,
        speed: defaultSpeed,
        order: 'interleaved' as const,
      }),
      problems: [],
    };
  }
  const file = invocation.targetsFile ?? defaultTargets;
  if (!existsSync(file))
    throw personError(`there is no targets file ${file}`, {
      hint: 'name one with -c, or a target with --target id=URL#MODEL',
    });
  const { targets, problems } = await loadTargets(file);
  return { targets: targets === null ? null : concurrent(targets), problems };
}

/** A target named on the command line takes its key from `<ID>_API_KEY`, if that variable is set. */
export function withKeyVariable(target: Target): Target {
  const name = `${target.id.toUpperCase().replaceAll(/[^A-Z0-9]/gu, '_')}_API_KEY`;
  return process.env[name] === undefined || process.env[name] === ''
    ? target
    : { ...target, apiKeyEnv: name };
}

function checkLanguages(wanted: readonly string[] | null, suites: readonly Suite[]): void {
  const known = new Set(suites.flatMap((suite) => suite.languages));
  for (const language of wanted ?? []) {
    if (!known.has(language))
      throw personError(`no suite has the language "${language}"`, {
        hint: `there are: ${[...known].join(', ')}`,
      });
  }
}

function testFilter(pattern: string | null): ((id: string) => boolean) | null {
  if (pattern === null) return null;
  const compiled = compilePattern(pattern);
  if (typeof compiled === 'string') throw personError(`--filter-tests: ${compiled}`);
  return (id) => compiled.test(id);
}

/** Images of all suites, by the name that a message gives them. */
export function imagesIn({ suites }: Pick<Prepared, 'suites'>): Record<string, string> {
  return Object.fromEntries(suites.flatMap((suite) => Object.entries(suite.images)));
}
