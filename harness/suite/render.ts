/** Fills a template. Nothing is escaped, nothing missing becomes an empty string, and the work is bounded. */
import type { Json } from '../types.ts';
import type { Part, Template, TemplatePath } from './template.ts';

const maxTurns = 10_000;
/** UTF-16 units of one rendering. */
export const maxOutput = 1024 * 1024;

/** Where the names of a template come from. */
export interface Scope {
  /** The value of a root name; undefined when there is none. */
  readonly root: (name: string) => Json | undefined;
  /** `t.<name>`: a text of the language; undefined when there is none. */
  readonly text: (name: string) => string | undefined;
}

/** Why a template cannot be filled. */
export class RenderFault extends Error {
  override readonly name = 'RenderFault';
  readonly path: TemplatePath | null;
  /** `undefined`: the name has no value. `kind`: the value is of no use here. `limit`: too much output. */
  readonly reason: 'undefined' | 'kind' | 'limit';
  constructor(reason: 'undefined' | 'kind' | 'limit', message: string, path: TemplatePath | null) {
    super(message);
    this.reason = reason;
    this.path = path;
  }
}

interface Frame {
  readonly item: Json;
  readonly data: Readonly<Record<'index' | 'first' | 'last' | 'key', Json>>;
  readonly bound: ReadonlyMap<string, Json>;
}

interface Work {
  readonly scope: Scope;
  readonly out: string[];
  length: number;
  turns: number;
}

/** The text of a filled template. Throws a `RenderFault`. */
export function render(template: Template, scope: Scope): string {
  const work: Work = { scope, out: [], length: 0, turns: 0 };
  renderParts(template.parts, [], work);
  return work.out.join('');
}

/** As `render`, but a template that is exactly one placeholder gives the value itself: a number stays a number. */
export function renderValue(template: Template, scope: Scope): Json {
  const [only] = template.parts;
  if (template.parts.length === 1 && only?.kind === 'path') return lookUp(only.path, [], scope);
  return render(template, scope);
}

function renderParts(parts: readonly Part[], frames: readonly Frame[], work: Work): void {
  for (const part of parts) {
    if (part.kind === 'text') write(part.text, work);
    else if (part.kind === 'path') write(asText(lookUp(part.path, frames, work.scope), part.path), work);
    else if (part.block === 'each') renderEach(part, frames, work);
    else
      renderParts(
        isTruthy(lookUp(part.path, frames, work.scope)) === (part.block === 'if')
          ? part.body
          : part.otherwise,
        frames,
        work,
      );
  }
}

function renderEach(part: Part & { kind: 'block' }, frames: readonly Frame[], work: Work): void {
  const over = lookUp(part.path, frames, work.scope);
  if (over === null || typeof over !== 'object') {
    throw new RenderFault(
      'kind',
      `{{#each ${part.path.written}}} needs a list, and ${part.path.written} is ${over === null ? 'nothing' : 'a single value'}`,
      part.path,
    );
  }
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(over)
    ? over.map((item: Json, index) => [index, item] as const)
    : Object.entries(over);
  if (entries.length === 0) return renderParts(part.otherwise, frames, work);
  for (const [index, [key, item]] of entries.entries()) {
    work.turns += 1;
    if (work.turns > maxTurns)
      throw new RenderFault('limit', `{{#each}} turns more than ${maxTurns} times`, part.path);
    const bound = new Map<string, Json>(part.names.map((name, at) => [name, at === 0 ? item : key] as const));
    const data = { index, key, first: index === 0, last: index === entries.length - 1 };
    renderParts(part.body, [...frames, { item, data, bound }], work);
  }
}

function write(text: string, work: Work): void {
  work.length += text.length;
  if (work.length > maxOutput)
    throw new RenderFault('limit', `the text grows beyond ${maxOutput / 1024 / 1024} MiB`, null);
  work.out.push(text);
}

function asText(value: Json, path: TemplatePath): string {
  if (value === null) throw new RenderFault('undefined', `{{${path.written}}} is nothing`, path);
  if (typeof value === 'object')
    throw new RenderFault(
      'kind',
      `{{${path.written}}} is a ${Array.isArray(value) ? 'list' : 'mapping'}, not a text`,
      path,
    );
  return String(value);
}

/** As Handlebars reads a condition: false, nothing, 0, an empty text and an empty list are false. */
const isTruthy = (value: Json): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function lookUp(path: TemplatePath, frames: readonly Frame[], scope: Scope): Json {
  const found = path.data ? lookUpData(path, frames, scope) : lookUpName(path, frames, scope);
  if (found === undefined)
    throw new RenderFault('undefined', `undefined placeholder {{${path.written}}}`, path);
  return found;
}

function lookUpData(path: TemplatePath, frames: readonly Frame[], scope: Scope): Json | undefined {
  const [name = '', ...rest] = path.parts;
  if (name === 'root') return lookUpRoot(rest, scope);
  const data = frames.at(-1)?.data;
  return name === 'index' || name === 'key' || name === 'first' || name === 'last'
    ? walk(data?.[name], rest)
    : undefined;
}

function lookUpName(path: TemplatePath, frames: readonly Frame[], scope: Scope): Json | undefined {
  const [name = '', ...rest] = path.parts;
  const scoped = /^this(?:[./]|$)|^\./u.test(path.written);
  if (path.up === 0 && !scoped) {
    for (const frame of frames.toReversed()) {
      const bound = frame.bound.get(name);
      if (bound !== undefined) return walk(bound, rest);
    }
  }
  const frame = frames[frames.length - 1 - path.up];
  return frame === undefined ? lookUpRoot(path.parts, scope) : walk(frame.item, path.parts);
}

function lookUpRoot(parts: readonly string[], scope: Scope): Json | undefined {
  const [name, ...rest] = parts;
  if (name === undefined) return undefined;
  if (name === 't') return rest.length === 1 ? scope.text((rest[0] ?? '').normalize('NFC')) : undefined;
  return walk(scope.root(name.normalize('NFC')), rest);
}

/** The same name may be written composed or decomposed. */
function own(holder: object, name: string): Json | undefined {
  const values = holder as Record<string, Json>;
  if (Object.hasOwn(values, name)) return values[name];
  const composed = name.normalize('NFC');
  const key = Object.keys(values).find((other) => other.normalize('NFC') === composed);
  return key === undefined ? undefined : values[key];
}

/** Own properties only: nothing is found on a prototype. */
function walk(value: Json | undefined, parts: readonly string[]): Json | undefined {
  let here = value;
  for (const part of parts) {
    if (here === undefined || here === null || typeof here !== 'object') return undefined;
    here = part === 'length' && Array.isArray(here) ? here.length : own(here, part);
  }
  return here;
}
