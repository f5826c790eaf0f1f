/** One entry of `tests`, as written: what a suite says of an item before anything is filled in. */
import type { JsonObject, LanguageTag } from '../types.ts';
import { readAsserts, type Assert, type AssertTools } from './asserts.ts';
import { isNothing, readBoolean, readFields, readMapping, readNumber, readText } from './fields.ts';
import { readMessages, type MessageTemplate } from './messages.ts';
import { bareObject, toJson, type Entry, type Node, type Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

/** What an item says in one language. */
export interface ItemLanguage {
  readonly language: LanguageTag;
  readonly variables: ReadonlyMap<string, Entry>;
  readonly asserts: readonly Assert[];
  /** Checks are written, right ones or not. */
  readonly hasAsserts: boolean;
  readonly messages: readonly MessageTemplate[] | null;
  readonly spot: Spot;
}

export interface Item {
  readonly id: string;
  readonly idSpot: Spot;
  readonly cluster: string;
  readonly metadata: JsonObject;
  readonly observe: boolean;
  /** null: the suite's. */
  readonly repeat: number | null;
  readonly variables: ReadonlyMap<string, Entry>;
  readonly messages: readonly MessageTemplate[] | null;
  readonly asserts: readonly Assert[];
  readonly hasAsserts: boolean;
  /** In the order of the suite's languages. */
  readonly languages: readonly ItemLanguage[];
}

const keys = ['id', 'metadata', 'vars', 'in', 'assert', 'observe', 'repeat', 'messages', 'prompt'];
/** Keys of `in.<language>` that are no variables. */
const ownKeys = ['assert', 'messages'];
const maxRepeat = 1_000;

export function readItem(
  node: Node,
  languages: readonly LanguageTag[],
  tools: AssertTools,
  problems: ProblemList,
): Item | null {
  const fields = readFields(node, { what: 'a test', keys }, problems);
  if (fields === null) return null;
  const idEntry = fields.get('id');
  const id = idEntry === undefined ? null : readText(idEntry.value, 'id', problems);
  if (idEntry === undefined) problems.error(node.spot, 'a test without an id', 'as in "- id: coffee-2"');
  const metadata = readMetadata(fields.get('metadata')?.value, problems);
  const observe = fields.has('observe')
    ? readBoolean(fields.get('observe')?.value ?? node, 'observe', problems) === true
    : false;
  const item: Item | null =
    id === null || idEntry === undefined
      ? null
      : {
          id,
          idSpot: idEntry.value.spot,
          cluster: typeof metadata['cluster'] === 'string' ? metadata['cluster'] : id,
          metadata,
          observe,
          repeat: readRepeat(fields.get('repeat'), problems),
          variables: readVariables(fields.get('vars')?.value, problems),
          messages: readMessages(fields, problems),
          asserts: readAsserts(fields.get('assert')?.value, tools, problems),
          hasAsserts: holdsAny(fields.get('assert')),
          languages: readLanguages(fields.get('in'), node.spot, languages, tools, problems),
        };
  if (observe && fields.has('assert'))
    problems.error(
      fields.get('assert')?.keySpot ?? node.spot,
      'a test with observe: true has no checks',
      'remove one of the two',
    );
  for (const own of observe ? (item?.languages ?? []) : []) {
    if (own.hasAsserts)
      problems.error(
        own.spot,
        `a test with observe: true has no checks, also not in ${own.language}`,
        'remove one of the two',
      );
  }
  return item;
}

export function readRepeat(entry: Entry | undefined, problems: ProblemList): number | null {
  return entry === undefined
    ? null
    : readNumber(entry.value, 'repeat', { min: 1, max: maxRepeat, whole: true }, problems);
}

export function readVariables(node: Node | undefined, problems: ProblemList): ReadonlyMap<string, Entry> {
  if (node === undefined || isNothing(node)) return new Map();
  const map = readMapping(node, 'vars', problems);
  return named(map?.entries ?? new Map(), problems);
}

/** Variables by their NFC name; `t` belongs to the strings. */
function named(entries: ReadonlyMap<string, Entry>, problems: ProblemList): Map<string, Entry> {
  const variables = new Map<string, Entry>();
  for (const entry of entries.values()) {
    if (entry.key === 't')
      problems.error(entry.keySpot, 'a variable cannot be called "t"', 't holds the strings of the language');
    else variables.set(entry.key.normalize('NFC'), entry);
  }
  return variables;
}

function readMetadata(node: Node | undefined, problems: ProblemList): JsonObject {
  if (node === undefined || isNothing(node)) return {};
  const map = readMapping(node, 'metadata', problems);
  const cluster = map?.entries.get('cluster');
  if (cluster !== undefined) readText(cluster.value, 'cluster', problems);
  return map === null
    ? {}
    : bareObject([...map.entries.values()].map((entry) => [entry.key, toJson(entry.value)] as const));
}

const holdsAny = (entry: Entry | undefined): boolean =>
  entry !== undefined && !(entry.value.kind === 'list' && entry.value.items.length === 0);

/** Without `in` an item is asked in every language of the suite: its words come from the strings. */
function readLanguages(
  entry: Entry | undefined,
  itemSpot: Spot,
  languages: readonly LanguageTag[],
  tools: AssertTools,
  problems: ProblemList,
): ItemLanguage[] {
  const nothing = { variables: new Map<string, Entry>(), asserts: [], hasAsserts: false, messages: null };
  if (entry === undefined) return languages.map((language) => ({ ...nothing, language, spot: itemSpot }));
  const map = readMapping(entry.value, 'in', problems);
  const found = new Map<LanguageTag, ItemLanguage>();
  for (const { key, keySpot, value } of map?.entries.values() ?? []) {
    if (!languages.includes(key)) {
      problems.error(keySpot, `"${key}" is not among the languages of the suite`, () =>
        didYouMean(key, languages),
      );
      continue;
    }
    if (isNothing(value)) {
      found.set(key, { ...nothing, language: key, spot: keySpot });
      continue;
    }
    const entries = readMapping(value, `in.${key}`, problems)?.entries;
    if (entries === undefined) continue;
    found.set(key, {
      language: key,
      variables: named(new Map([...entries].filter(([name]) => !ownKeys.includes(name))), problems),
      asserts: readAsserts(entries.get('assert')?.value, tools, problems),
      hasAsserts: holdsAny(entries.get('assert')),
      messages: readMessages(new Map([...entries].filter(([name]) => name === 'messages')), problems),
      spot: keySpot,
    });
  }
  if (map !== null && map.entries.size === 0)
    problems.error(entry.keySpot, 'in holds no language', 'leave it out to ask in every language');
  return languages.flatMap((language) => found.get(language) ?? []);
}
