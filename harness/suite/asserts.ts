/** `assert` lists: names, common keys and parameters of checks, first as written, then filled for one question. */
import type { Check, CheckCatalogue, CheckSpec, Json, JsonObject, LanguageTag } from '../types.ts';
import { fillValue, type Filling } from './fill.ts';
import { readList, readMapping, readNumber, readText } from './fields.ts';
import type { ImageFiles } from './image-file.ts';
import type { JsonFiles } from './json-file.ts';
import { bareObject, toJson, type Entry, type Node, type Spot } from './node.ts';
import { parameterMisfits, parameterNames } from './parameters.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

/** Says what is wrong with a transform, or null. Handed in: this room knows no checks and no transforms. */
export type TransformProblem = (written: string) => string | null;

export interface AssertTools {
  readonly checks: CheckCatalogue;
  readonly transformProblem: TransformProblem;
  readonly files: JsonFiles;
  readonly images: ImageFiles;
}

/** Keys that every check takes beside its own parameters. */
export const commonKeys = ['type', 'threshold', 'weight', 'metric', 'transform'] as const;

export interface Assert {
  readonly check: Check;
  readonly not: boolean;
  readonly threshold: number | null;
  readonly weight: number;
  readonly metric: string;
  readonly transform: readonly string[];
  /** Parameters as written. */
  readonly params: readonly Entry[];
  /** Contents of files the parameters name. */
  readonly fromFiles: ReadonlyMap<string, Json>;
  readonly spot: Spot;
}

/** The checks of one list; those that are not right are said and left out. */
export function readAsserts(node: Node | undefined, tools: AssertTools, problems: ProblemList): Assert[] {
  if (node === undefined) return [];
  const list = readList(node, 'assert', problems);
  return (list?.items ?? []).map((item) => readAssert(item, tools, problems)).filter((one) => one !== null);
}

function readAssert(node: Node, tools: AssertTools, problems: ProblemList): Assert | null {
  const map = readMapping(node, 'a check', problems);
  if (map === null) return null;
  const { entries } = map;
  const named = entries.get('type');
  if (named === undefined) {
    const near = [...entries.keys()].find((key) => Object.hasOwn(tools.checks, key));
    problems.error(
      node.spot,
      'a check without a type',
      near === undefined ? 'as in { type: equals, value: "…" }' : `write { type: ${near}, … }`,
    );
    return null;
  }
  const name = readText(named.value, 'type', problems);
  if (name === null) return null;
  const not = name.startsWith('not-');
  const bare = not ? name.slice(4) : name;
  const check = Object.hasOwn(tools.checks, bare) ? tools.checks[bare] : undefined;
  if (check === undefined) {
    problems.error(named.value.spot, `unknown check "${name}"`, () =>
      didYouMean(bare, Object.keys(tools.checks)),
    );
    return null;
  }
  const own = parameterNames(check);
  const params: Entry[] = [];
  const fromFiles = new Map<string, Json>();
  const errorsBefore = problems.errors();
  for (const entry of entries.values()) {
    if ((commonKeys as readonly string[]).includes(entry.key)) continue;
    if (!own.includes(entry.key)) {
      problems.error(entry.keySpot, `the check "${check.name}" has no parameter "${entry.key}"`, () =>
        didYouMean(entry.key, [...own, ...commonKeys]),
      );
      continue;
    }
    params.push(entry);
    const { value } = entry;
    if (
      check.files?.includes(entry.key) === true &&
      value.kind === 'scalar' &&
      typeof value.value === 'string'
    ) {
      const read = tools.files.read(value.value, value.spot, problems);
      if (read !== null) fromFiles.set(entry.key, read.value);
    }
  }
  const number = (key: string, fallback: number | null, max: number): number | null => {
    const entry = entries.get(key);
    return entry === undefined
      ? fallback
      : (readNumber(entry.value, key, { min: 0, max }, problems) ?? fallback);
  };
  const metric = entries.get('metric');
  const limited = params.some(({ key }) => key === check.limit);
  const written = entries.get('threshold');
  if (limited && written !== undefined)
    problems.error(written.keySpot, `${check.limit} decides the pass: there is no threshold beside it`);
  const threshold = number('threshold', limited ? 1 : check.threshold, 1);
  const weight = number('weight', 1, Number.MAX_SAFE_INTEGER) ?? 1;
  const grouped = metric === undefined ? null : readText(metric.value, 'metric', problems);
  const transform = readTransforms(entries.get('transform')?.value, tools.transformProblem, problems);
  if (problems.errors() > errorsBefore) return null;
  return {
    check,
    not,
    threshold,
    weight,
    metric: grouped ?? name,
    transform,
    params,
    fromFiles,
    spot: named.value.spot,
  };
}

/** One transform or a list; `regex: <pattern>` may also be written as the mapping that YAML makes of it. */
function readTransforms(node: Node | undefined, problem: TransformProblem, problems: ProblemList): string[] {
  if (node === undefined) return [];
  return (node.kind === 'list' ? node.items : [node]).flatMap((item) => {
    const pattern =
      item.kind === 'map' && item.entries.size === 1 ? item.entries.get('regex')?.value : undefined;
    const text =
      pattern === undefined ? readText(item, 'transform', problems) : readText(pattern, 'regex', problems);
    if (text === null) return [];
    const written = pattern === undefined ? text : `regex: ${text}`;
    const fault = problem(written);
    if (fault === null) return [written];
    problems.error(item.spot, `transform: ${fault}`);
    return [];
  });
}

/** A check for one question: templates filled, parameters held against the check's schema. null: said and left out. */
export function fillAssert(
  one: Assert,
  filling: Filling,
  language: LanguageTag,
  problems: ProblemList,
): CheckSpec | null {
  const filled: [string, Json][] = [];
  for (const entry of one.params) {
    const file = one.fromFiles.get(entry.key);
    if (file !== undefined) {
      filled.push([entry.key, file]);
      continue;
    }
    const isTemplated = entry.key === 'value' || one.check.templates?.includes(entry.key) === true;
    const value = isTemplated ? fillValue(entry.value, filling, problems) : { value: toJson(entry.value) };
    if (value === null) return null;
    filled.push([entry.key, value.value]);
  }
  const params: JsonObject = bareObject(filled);
  const spotOf = (parameter: string | null): Spot =>
    one.params.find((entry) => entry.key === parameter)?.value.spot ?? one.spot;
  const misfits = parameterMisfits(one.check, params);
  for (const misfit of misfits) problems.error(spotOf(misfit.parameter), misfit.message);
  if (misfits.length > 0) return null;
  if (!areFit(one.check, params, { language, whom: filling.whom, spotOf }, problems)) return null;
  const { check, not, threshold, weight, metric, transform } = one;
  return { type: check.name, not, params, threshold, weight, metric, transform };
}

/** Says what is wrong with a filled check beside the request that goes out with it. */
export function holdAgainstRequest(
  one: Assert,
  { params }: CheckSpec,
  { request, whom }: { readonly request: JsonObject; readonly whom: string },
  problems: ProblemList,
): void {
  const fault = one.check.requestProblem?.(params, request) ?? null;
  if (fault === null) return;
  const spot = one.params.find((entry) => entry.key === 'value')?.value.spot ?? one.spot;
  problems.error(spot, `${one.check.name}: ${fault}`, `for ${whom}`);
}

/** Whom parameters are for, and where each of them stands. */
export interface FitContext {
  readonly language: LanguageTag;
  readonly whom: string;
  readonly spotOf: (parameter: string) => Spot;
}

/** Says what a check finds wrong with parameters that satisfy its schema, or worth knowing; false: they cannot be used. */
export function areFit(
  check: Check,
  params: JsonObject,
  { language, whom, spotOf }: FitContext,
  problems: ProblemList,
): boolean {
  const fault = check.problem?.(params, language) ?? null;
  if (fault !== null) {
    problems.error(spotOf('value'), `${check.name}: ${fault}`, `for ${whom}`);
    return false;
  }
  for (const { parameter, message, hint } of check.warnings?.(params, language) ?? [])
    problems.warning(spotOf(parameter), `${check.name}: ${message}`, hint ?? `for ${whom}`);
  return true;
}
