/** Facts of the run, its targets and its suites, as terms and words. */
import type { Json, JsonObject, Shard, SuiteFacts, Summary, TargetFacts } from '../../types.ts';
import { languageName } from '../language-names.ts';
import { texts } from '../strings.ts';

export interface Fact {
  readonly term: string;
  readonly text: string;
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listed(value: JsonObject): string {
  const entries = Object.entries(value);
  return entries.length === 0 ? 'none' : entries.map(([key, each]) => `${key} ${jsonText(each)}`).join(', ');
}

function languageList(tags: readonly string[] | null): string {
  return tags === null ? texts.notStated : tags.map((tag) => languageName(tag).english).join(', ');
}

export function runFacts(summary: Summary): Fact[] {
  const { run, totals } = summary;
  return [
    { term: 'run', text: run.id },
    { term: 'tool', text: run.tool },
    { term: 'created', text: run.createdAt },
    { term: 'plan hash', text: run.planHash },
    { term: 'seed', text: String(run.seed) },
    ...partFacts(summary),
    { term: 'starts and resumes', text: String(run.legs) },
    {
      term: 'cells',
      text: `${totals.planned} planned, ${totals.answered} answered, ${totals.failed} failed, ${totals.unasked} never asked`,
    },
    { term: 'may stay unanswered', text: `${(100 * summary.maxErrorRate).toFixed(1)} %` },
    { term: 'baseline', text: summary.baseline },
    ...Object.entries(run.environment).map(([term, value]) => ({ term, text: jsonText(value) })),
  ];
}

function partFacts({ run: { shard, parts } }: Summary): Fact[] {
  const named = (part: Shard | null): string => (part === null ? 'whole' : `${part.index} of ${part.of}`);
  return [
    ...(shard === undefined ? [] : [{ term: 'shard', text: named(shard) }]),
    ...(parts ?? []).map((part) => ({ term: `shard ${named(part.shard)}`, text: part.run })),
  ];
}

export function targetFacts(target: TargetFacts): Fact[] {
  const license = target.license;
  const words =
    license === null
      ? []
      : [license.name, license.url, license.notes].filter((each) => each !== null && each !== '');
  return [
    { term: 'model', text: target.model },
    { term: 'endpoint', text: target.endpoint },
    ...(target.authored === null ? [] : [{ term: 'answers', text: target.authored }]),
    { term: 'parameters', text: listed(target.params) },
    { term: 'requests in flight', text: String(target.concurrency) },
    {
      term: 'cells',
      text: `${target.planned} planned, ${target.answered} answered, ${target.failed} failed, ${target.unasked} never asked, ${target.retries} retries`,
    },
    { term: 'licence', text: words.length === 0 ? texts.notStated : words.join(' · ') },
    { term: 'declared languages', text: languageList(target.languages) },
  ];
}

export function suiteFacts(suite: SuiteFacts): Fact[] {
  return [
    { term: 'description', text: suite.description },
    { term: 'file', text: suite.file },
    { term: 'sha256', text: suite.sha256 },
    { term: 'tests', text: String(suite.tests) },
    { term: 'languages', text: languageList(suite.languages) },
    { term: 'metrics', text: suite.metrics.join(', ') },
  ];
}
