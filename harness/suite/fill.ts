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
}

/** The text of a node that is a template, or null with the problem said. */
export function fillText(node: Node, filling: Filling, problems: ProblemList): string | null {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return null;
  if (!isTemplate(node.value)) return node.value;
  const template = readTemplate(node.value, node.spot, filling.names, problems);
  if (template === null) return null;
  return attempt(node.spot, filling, problems, () => render(template, filling.scope));
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
    const value = attempt(node.spot, filling, problems, () => ({
      value: renderValue(template, filling.scope),
    }));
    return value;
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

/** Whether any text below a node is a template. */
export function holdsTemplate(node: Node): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && isTemplate(node.value);
  return (node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.value)).some(
    holdsTemplate,
  );
}

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
    if (root === 't') names.used.strings.add(name ?? '');
    else names.used.variables.add(root.normalize('NFC'));
  }
  return parsed;
}

function attempt<T>(spot: Spot, filling: Filling, problems: ProblemList, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RenderFault)) throw error;
    say(error, spot, filling, problems);
    return null;
  }
}

function say(fault: RenderFault, spot: Spot, filling: Filling, problems: ProblemList): void {
  const { path } = fault;
  const at = path === null ? spot : spotOf(spot, path.written);
  if (path === null || fault.reason !== 'undefined')
    return problems.error(at, `${fault.message} for ${filling.whom}`);
  const isString = path.parts[0] === 't' && !path.data;
  const known = isString ? filling.names.strings : filling.names.variables;
  const name = nameOf(path, isString);
  // A name that stands elsewhere is spelt right: what lacks is the value of this item or language.
  if (!known.has(name))
    return problems.error(at, `undefined placeholder {{${path.written}}}`, didYouMean(name, [...known]));
  if (isString)
    return problems.error(
      filling.stringsSpot ?? at,
      `the strings of ${languageOf(filling.whom)} lack "${name}", which {{${path.written}}} needs`,
    );
  problems.error(filling.itemSpot, `${filling.whom} has no "${name}", which {{${path.written}}} needs`);
}

const nameOf = (path: TemplatePath, isString: boolean): string =>
  isString ? (path.parts[1] ?? '') : (path.parts[0] ?? '').normalize('NFC');
const languageOf = (whom: string): string => whom.slice(whom.lastIndexOf(' ') + 1);

/** Where a placeholder stands inside its text; the text's own place when it cannot be found (escapes, folded lines). */
function spotOf(spot: Spot, written: string): Spot {
  const text = spot.source.text.slice(spot.start, spot.end);
  for (let at = text.indexOf('{{'); at !== -1; at = text.indexOf('{{', at + 2)) {
    const rest = text.slice(at, at + written.length + 40);
    if (/^\{\{\{?[~#^/&>*]*\s*(?:(?:if|unless|each|else)\s+)*/u.test(rest)) {
      const inside = rest.replace(/^\{\{\{?[~#^/&>*]*\s*(?:(?:if|unless|each)\s+)?/u, '');
      if (inside.startsWith(written))
        return { source: spot.source, start: spot.start + at, end: spot.start + at + written.length };
    }
  }
  return spot;
}
