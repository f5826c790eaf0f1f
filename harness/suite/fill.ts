/** Fills the templates in a node for one item in one language, and says at the right place what has no value. */
import type { Json } from '../types.ts';
import { bareObject, type Node, type Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { RenderFault, render, renderValue, type Scope } from './render.ts';
import { didYouMean } from './suggest.ts';
import { isFault, isTemplate, parseTemplate, type Template, type TemplatePath } from './template.ts';

/** Whom a template is filled for, and what there is anywhere: a name known elsewhere is missing here, not misspelt. */
export interface Filling {
  readonly scope: Scope;
  /** `test "coffee-2" in zh`. */
  readonly whom: string;
  /** Where the item's variables of this language stand. */
  readonly itemSpot: Spot;
  /** Where the language's strings stand. */
  readonly stringsSpot: Spot | null;
  /** All variables and all strings of the suite, and those a template has asked for so far. */
  readonly names: Names;
}

export interface Names {
  readonly variables: ReadonlySet<string>;
  readonly strings: ReadonlySet<string>;
  readonly used: { readonly variables: Set<string>; readonly strings: Set<string> };
  /** UTF-16 units rendered so far, all templates of the suite together. */
  readonly spent: { units: number };
}

/** The text of a node that is a template, or null with the problem said. */
export function fillText(node: Node, filling: Filling, problems: ProblemList): string | null {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return null;
  if (!isTemplate(node.value)) return node.value;
  const template = readTemplate(node.value, node.spot, filling.names, problems);
  if (template === null) return null;
  return attempt({ spot: node.spot, template, filling, problems }, () => render(template, filling.scope));
}

/**
 * The node as JSON with every text in it filled; null with the problem said. A text that is one placeholder and nothing
 * else becomes the value itself.
 */
export function fillValue(
  node: Node,
  filling: Filling,
  problems: ProblemList,
): { readonly value: Json } | null {
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string' || !isTemplate(node.value)) return { value: node.value };
    const template = readTemplate(node.value, node.spot, filling.names, problems);
    if (template === null) return null;
    const work = { spot: node.spot, template, filling, problems };
    // The value itself may be nothing, so it travels in an object.
    let made: { readonly value: Json } | null = null;
    attempt(work, () => {
      const value = renderValue(template, filling.scope);
      made = { value };
      return value;
    });
    return filling.names.spent.units > maxUnits ? null : made;
  }
  if (node.kind === 'list') {
    const items = node.items.map((item) => fillValue(item, filling, problems));
    return items.some((item) => item === null) ? null : { value: items.map((item) => item?.value ?? null) };
  }
  const entries = [...node.entries.values()].map(
    (entry) => [entry.key, fillValue(entry.value, filling, problems)] as const,
  );
  return entries.some(([, item]) => item === null)
    ? null
    : { value: bareObject(entries.map(([key, item]) => [key, item?.value ?? null] as const)) };
}

/** UTF-16 units: more than any suite needs, and less than memory holds. */
const maxUnits = 64 * 1024 * 1024;

function readTemplate(text: string, spot: Spot, names: Names, problems: ProblemList): Template | null {
  const parsed = parseTemplate(text);
  if (isFault(parsed)) {
    problems.error(
      parsed.written === null ? spot : spotOf(spot, parsed.written),
      parsed.message,
      parsed.hint,
    );
    return null;
  }
  for (const path of parsed.rootPaths) {
    const [root = '', name] = path.parts;
    if (root === 't') names.used.strings.add((name ?? '').normalize('NFC'));
    else names.used.variables.add(root.normalize('NFC'));
  }
  return parsed;
}

interface Work {
  readonly spot: Spot;
  readonly template: Template;
  readonly filling: Filling;
  readonly problems: ProblemList;
}

function attempt<T extends Json>(work: Work, make: () => T): T | null {
  const { spot, filling, problems } = work;
  const { spent } = filling.names;
  if (spent.units > maxUnits) return null;
  try {
    const made = make();
    if (typeof made === 'string') spent.units += made.length;
    if (spent.units <= maxUnits) return made;
    problems.error(
      spot,
      'the texts of this suite, filled in, are more than 64 million characters',
      'ask less, or in several suites',
    );
    return null;
  } catch (error) {
    if (!(error instanceof RenderFault)) throw error;
    say(error, work);
    return null;
  }
}

function say(fault: RenderFault, { spot, template, filling, problems }: Work): void {
  const { path } = fault;
  const at = path === null ? spot : spotOf(spot, path.written);
  if (path === null || fault.reason !== 'undefined')
    return problems.error(at, `${fault.message} for ${filling.whom}`);
  const isRoot = path.data ? path.parts[0] === 'root' : template.rootPaths.includes(path);
  const parts = (path.data ? path.parts.slice(1) : path.parts).map((part) => part.normalize('NFC'));
  if (!isRoot) return sayInner(path, at, filling, problems);
  if (parts[0] === 't') return sayString(path, at, filling, problems);
  const [name = '', ...rest] = parts;
  const { variables } = filling.names;
  // A name that stands elsewhere is spelt right: what lacks is the value of this item or language.
  if (!variables.has(name))
    return problems.error(at, `undefined placeholder {{${path.written}}}`, () =>
      didYouMean(name, [...variables]),
    );
  const value = filling.scope.root(name);
  if (value === undefined)
    return problems.error(
      filling.itemSpot,
      `${filling.whom} has no "${name}", which {{${path.written}}} needs`,
    );
  problems.error(at, `"${name}" of ${filling.whom} has no "${rest.join('.')}"`, () =>
    didYouMean(rest[0] ?? '', namesIn(value)),
  );
}

/** Inside `each` a name is looked up in the item; outside ones take `../`. */
function sayInner(path: TemplatePath, at: Spot, filling: Filling, problems: ProblemList): void {
  const name = (path.parts[0] ?? '').normalize('NFC');
  const isOutside = path.up === 0 && filling.names.variables.has(name) && !path.data;
  const hint = isOutside ? `write {{../${path.written}}} for the variable of the test` : null;
  problems.error(at, `{{${path.written}}} has no value in an item of {{#each}} for ${filling.whom}`, hint);
}

function sayString(path: TemplatePath, at: Spot, filling: Filling, problems: ProblemList): void {
  const name = (path.parts[1] ?? '').normalize('NFC');
  const { strings } = filling.names;
  if (!strings.has(name))
    return problems.error(at, `undefined placeholder {{${path.written}}}`, () =>
      didYouMean(name, [...strings]),
    );
  problems.error(
    filling.stringsSpot ?? at,
    `the strings of ${languageOf(filling.whom)} lack "${name}", which {{${path.written}}} needs`,
  );
}

const namesIn = (value: Json): string[] =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
const languageOf = (whom: string): string => whom.slice(whom.lastIndexOf(' ') + 1);

/** Where a placeholder stands inside its text; the text's own place when it cannot be found (escapes, folded lines). */
function spotOf(spot: Spot, written: string): Spot {
  const text = spot.source.text.slice(spot.start, spot.end);
  for (let at = text.indexOf('{{'); at !== -1; at = text.indexOf('{{', at + 2)) {
    const rest = text.slice(at, at + written.length + 40);
    if (/^\{\{\{?[~#^/&>*]*\s*(?:(?:if|unless|each|else)\s+)*/u.test(rest)) {
      const inside = rest.replace(/^\{\{\{?[~#^/&>*]*\s*(?:(?:if|unless|each)\s+)?/u, '');
      if (inside.startsWith(written) && /^\s*(?:~?\}\}|\s)/u.test(inside.slice(written.length)))
        return { source: spot.source, start: spot.start + at, end: spot.start + at + written.length };
    }
  }
  return spot;
}
