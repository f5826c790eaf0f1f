/** A suite from its tree: every item in every language and variant, filled and checked. */
import type { CheckSpec, Json, LanguageTag, Question, Suite, Test } from '../types.ts';
import {
  areFit,
  fillAssert,
  holdAgainstRequest,
  readAsserts,
  type Assert,
  type AssertTools,
} from './asserts.ts';
import { fillMessages, readMessages, type MessageTemplate } from './messages.ts';
import type { Filling, Names } from './fill.ts';
import { isNothing, readFields, readList, readMapping, readText } from './fields.ts';
import { readItem, readRepeat, readVariables, type Item, type ItemLanguage } from './item.ts';
import { canonicalTag, checkTag } from './language-tag.ts';
import { placeOf, toJson, type Entry, type Mapping, type Node, type Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { emptyRequest, overRequest, readRequest, type RequestFields } from './request.ts';
import { sayOddities } from './oddities.ts';
import { readSpeed } from './speed-spec.ts';

const keys = [
  'description',
  'languages',
  'messages',
  'prompt',
  'strings',
  'request',
  'repeat',
  'variants',
  'defaults',
  'tests',
  'tests_from',
  'speed',
];
/** Keys a variant has beside request fields. */
const variantKeys = ['messages', 'prompt'];

export interface Strings {
  readonly spot: Spot;
  readonly texts: ReadonlyMap<string, { readonly text: string; readonly spot: Spot }>;
}

interface Variant {
  readonly name: string | null;
  readonly request: RequestFields;
  readonly messages: readonly MessageTemplate[] | null;
}

/** Everything a suite says for all of its tests. */
interface Frame {
  readonly languages: readonly LanguageTag[];
  readonly messages: readonly MessageTemplate[] | null;
  readonly strings: ReadonlyMap<LanguageTag, Strings>;
  readonly request: RequestFields;
  readonly repeat: number;
  readonly variants: readonly Variant[];
  readonly variables: ReadonlyMap<string, Entry>;
  readonly asserts: readonly Assert[];
  readonly hasAsserts: boolean;
}

export interface SuiteSource {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
}

/** Reads the tests a suite names by file. */
export type ReadTests = (written: string, spot: Spot) => Promise<Mapping[]>;

export async function readSuite(
  root: Node,
  source: SuiteSource,
  tools: AssertTools,
  readTests: ReadTests,
  problems: ProblemList,
): Promise<Suite | null> {
  const fields = readFields(
    root,
    { what: 'a suite', keys, elsewhere: { gates: 'write gates into targets.yaml: they speak of targets' } },
    problems,
  );
  if (fields === null) return null;
  const frame = readFrame(root, fields, tools, problems);
  const nodes = await testNodes(root, fields, readTests, problems);
  const items = nodes
    .map((node) => readItem(node, frame.languages, tools, problems))
    .filter((item) => item !== null);
  refuseDoubles(items, problems);
  const names = namesOf(frame, items);
  const tests = items.map((item) => testOf(item, { frame, names, tools }, problems));
  sayOddities(
    { languages: frame.languages, strings: frame.strings, variables: frame.variables, items, names },
    problems,
  );
  const description = fields.get('description');
  const load = fields.get('speed');
  return {
    ...source,
    description:
      description === undefined ? '' : (readText(description.value, 'description', problems) ?? ''),
    languages: frame.languages,
    tests,
    images: Object.fromEntries(tools.images.urls),
    speed: load === undefined ? null : readSpeed(load.value, problems),
  };
}

function readFrame(
  root: Node,
  fields: ReadonlyMap<string, Entry>,
  tools: AssertTools,
  problems: ProblemList,
): Frame {
  const languages = readLanguageList(root, fields.get('languages'), problems);
  const defaultsNode = fields.get('defaults')?.value;
  const defaults =
    defaultsNode === undefined
      ? null
      : readFields(defaultsNode, { what: 'defaults', keys: ['assert', 'vars'] }, problems);
  return {
    languages,
    messages: readMessages(fields, problems),
    strings: readStrings(fields.get('strings')?.value, languages, problems),
    request: readRequest(fields.get('request')?.value, tools.files, problems),
    repeat: readRepeat(fields.get('repeat'), problems) ?? 1,
    variants: readVariants(fields.get('variants')?.value, tools, problems),
    variables: readVariables(defaults?.get('vars')?.value, problems),
    asserts: readAsserts(defaults?.get('assert')?.value, tools, problems),
    hasAsserts: defaults?.has('assert') === true,
  };
}

function readLanguageList(root: Node, entry: Entry | undefined, problems: ProblemList): LanguageTag[] {
  if (entry === undefined) {
    problems.error(
      root.spot,
      'a suite needs "languages"',
      'a list of BCP 47 tags, the base language first: languages: [en, zh, ar]',
    );
    return [];
  }
  const list = readList(entry.value, 'languages', problems);
  if (list?.items.length === 0) problems.error(list.spot, 'languages is empty');
  const seen = new Map<string, string>();
  const tags: LanguageTag[] = [];
  for (const item of list?.items ?? []) {
    const tag = readText(item, 'a language', problems);
    if (tag === null || !checkTag(tag, item.spot, problems)) continue;
    const canonical = canonicalTag(tag) ?? tag;
    const twin = seen.get(canonical);
    if (twin !== undefined)
      problems.error(
        item.spot,
        `the language "${tag}" is listed twice${twin === tag ? '' : `, first as "${twin}"`}`,
      );
    else tags.push(tag);
    seen.set(canonical, tag);
  }
  return tags;
}

function readStrings(
  node: Node | undefined,
  languages: readonly LanguageTag[],
  problems: ProblemList,
): Map<LanguageTag, Strings> {
  const strings = new Map<LanguageTag, Strings>();
  if (node === undefined) return strings;
  const known = readFields(node, { what: 'strings', keys: languages }, problems);
  for (const { key, keySpot, value } of known?.values() ?? []) {
    const texts = new Map<string, { text: string; spot: Spot }>();
    for (const entry of readMapping(value, `strings.${key}`, problems)?.entries.values() ?? []) {
      const text = readText(entry.value, `strings.${key}.${entry.key}`, problems);
      if (text !== null) texts.set(entry.key.normalize('NFC'), { text, spot: entry.keySpot });
    }
    strings.set(key, { spot: keySpot, texts });
  }
  return strings;
}

/** A mapping of names to overrides, or a list of such mappings with one name each. */
function readVariants(node: Node | undefined, tools: AssertTools, problems: ProblemList): Variant[] {
  const plain: Variant = { name: null, request: emptyRequest, messages: null };
  if (node === undefined) return [plain];
  const maps =
    node.kind === 'list'
      ? node.items.map((item) => readMapping(item, 'a variant', problems))
      : [readMapping(node, 'variants', problems)];
  const variants = new Map<string, Variant>();
  for (const { key, keySpot, value } of maps.flatMap((map) => [...(map?.entries.values() ?? [])])) {
    if (variants.has(key)) problems.error(keySpot, `a second variant "${key}"`);
    const overrides = isNothing(value) ? null : readMapping(value, `the variant ${key}`, problems);
    variants.set(key, {
      name: key,
      request: overrides === null ? emptyRequest : readRequest(overrides, tools.files, problems, variantKeys),
      messages: overrides === null ? null : readMessages(overrides.entries, problems),
    });
  }
  if (variants.size === 0) problems.error(node.spot, 'variants is empty', 'leave it out');
  return [...variants.values()];
}

async function testNodes(
  root: Node,
  fields: ReadonlyMap<string, Entry>,
  readTests: ReadTests,
  problems: ProblemList,
): Promise<Node[]> {
  const own = fields.get('tests');
  const from = fields.get('tests_from');
  const nodes: Node[] = [];
  if (own !== undefined) nodes.push(...(readList(own.value, 'tests', problems)?.items ?? []));
  const files = from === undefined ? [] : from.value.kind === 'list' ? from.value.items : [from.value];
  for (const file of files) {
    const written = readText(file, 'tests_from', problems);
    if (written !== null) nodes.push(...(await readTests(written, file.spot)));
  }
  if (nodes.length === 0 && problems.errors() === 0)
    problems.error(
      own?.value.spot ?? root.spot,
      'a suite without tests',
      'write them under tests: or name a file in tests_from:',
    );
  return nodes;
}

/** Where the twin stands; its file too, when it is another. */
function firstAt(first: Spot, second: Spot): string {
  const { file, line } = placeOf(first);
  return file === second.source.file ? `first on line ${line}` : `first in ${file}:${line}`;
}

function refuseDoubles(items: readonly Item[], problems: ProblemList): void {
  const seen = new Map<string, Item>();
  for (const item of items) {
    const twin = seen.get(item.id.normalize('NFC'));
    if (twin === undefined) seen.set(item.id.normalize('NFC'), item);
    else problems.error(item.idSpot, `duplicate id "${item.id}"`, firstAt(twin.idSpot, item.idSpot));
  }
}

function namesOf(frame: Frame, items: readonly Item[]): Names {
  const variables = new Set(frame.variables.keys());
  for (const item of items) {
    for (const name of item.variables.keys()) variables.add(name);
    for (const { variables: own } of item.languages) for (const name of own.keys()) variables.add(name);
  }
  const strings = new Set([...frame.strings.values()].flatMap(({ texts }) => [...texts.keys()]));
  return { variables, strings, used: { variables: new Set(), strings: new Set() }, spent: { units: 0 } };
}

/** What every question of a suite is made with. */
interface Making {
  readonly frame: Frame;
  readonly names: Names;
  readonly tools: AssertTools;
}

function testOf(item: Item, making: Making, problems: ProblemList): Test {
  const { frame, names, tools } = making;
  const questions = item.languages.flatMap((own) => {
    const filling = fillingFor(item, own, frame, names);
    const asserts = item.observe ? [] : [...frame.asserts, ...item.asserts, ...own.asserts];
    const isJudged = asserts.length > 0 || item.hasAsserts || own.hasAsserts || frame.hasAsserts;
    if (!isJudged && !item.observe) {
      problems.error(
        item.idSpot,
        `the test "${item.id}" has no check${item.languages.some((other) => other.asserts.length > 0) ? ` in ${own.language}` : ''}`,
        'add assert:, or observe: true to ask without judging',
      );
    }
    const checks = asserts.flatMap((one): FilledCheck[] => {
      const spec = fillAssert(one, filling, own.language, problems);
      return spec === null ? [] : [{ one, spec }];
    });
    return frame.variants
      .map((variant) => questionOf(item, own, variant, { frame, filling, checks, tools }, problems))
      .filter((question) => question !== null);
  });
  const { id, cluster, metadata, observe } = item;
  return { id, cluster, metadata, observe, repeat: item.repeat ?? frame.repeat, questions };
}

interface FilledCheck {
  readonly one: Assert;
  readonly spec: CheckSpec;
}

function questionOf(
  item: Item,
  own: ItemLanguage,
  variant: Variant,
  {
    frame,
    filling,
    checks,
    tools,
  }: { frame: Frame; filling: Filling; checks: readonly FilledCheck[]; tools: AssertTools },
  problems: ProblemList,
): Question | null {
  const templates = own.messages ?? item.messages ?? variant.messages ?? frame.messages;
  if (templates === null) {
    problems.error(
      item.idSpot,
      `nothing to ask: the suite has no prompt and no messages, nor has the test "${item.id}"`,
      'as in prompt: "{{question}}"',
    );
    return null;
  }
  const messages = fillMessages(templates, filling, tools.images, problems);
  if (messages === null) return null;
  const request = overRequest(frame.request, variant.request);
  for (const { one, spec } of checks)
    holdAgainstRequest(one, spec, { request: request.fields, whom: filling.whom }, problems);
  const specs = checks.map(({ spec }) => spec);
  return {
    language: own.language,
    variant: variant.name,
    messages,
    request: request.fields,
    checks: item.observe
      ? specs
      : withSchemaCheck(specs, request, { tools, language: own.language, whom: filling.whom }, problems),
  };
}

/** A server may ignore the schema it was sent, so its answers are held against it here too. */
function withSchemaCheck(
  checks: readonly CheckSpec[],
  { schema }: RequestFields,
  { tools, language, whom }: { tools: AssertTools; language: LanguageTag; whom: string },
  problems: ProblemList,
): readonly CheckSpec[] {
  const judged = checks.some(
    (check) =>
      (check.type === 'is-json' || check.type === 'contains-json') && check.params['schema'] !== undefined,
  );
  if (schema === null || judged) return checks;
  const params = { schema: schema.content };
  const check = tools.checks['is-json'];
  const spotOf = (): Spot => schema.spot;
  if (check !== undefined && !areFit(check, params, { language, whom, spotOf }, problems)) return checks;
  return [
    ...checks,
    {
      type: 'is-json',
      not: false,
      params,
      threshold: 1,
      weight: 1,
      metric: 'response-format',
      transform: [],
    },
  ];
}

function fillingFor(item: Item, own: ItemLanguage, frame: Frame, names: Names): Filling {
  const cache = new Map<string, Json>();
  const entryOf = (name: string): Entry | undefined =>
    own.variables.get(name) ?? item.variables.get(name) ?? frame.variables.get(name);
  const strings = frame.strings.get(own.language);
  return {
    scope: {
      root: (name) => {
        const known = cache.get(name);
        if (known !== undefined) return known;
        const entry = entryOf(name);
        if (entry === undefined) return undefined;
        const value = toJson(entry.value);
        cache.set(name, value);
        return value;
      },
      text: (name) => strings?.texts.get(name)?.text,
    },
    whom: `test "${item.id}" in ${own.language}`,
    itemSpot: own.spot,
    stringsSpot: strings?.spot ?? null,
    names,
  };
}
