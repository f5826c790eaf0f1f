/**
 * Prompt templates: Handlebars syntax, of which only `{{path}}`, `{{#if}}`, `{{#unless}}` and `{{#each}}` are let
 * through. Handlebars parses; nothing is compiled to code. The tree that comes out holds no other construct, so
 * rendering (render.ts) cannot meet one.
 */
import Handlebars from 'handlebars';

const maxTemplateBytes = 64 * 1024;
/** Blocks in one template: parsing recurses through them. */
const maxBlocks = 200;

/** A name in a template. */
export interface TemplatePath {
  /** As written, e.g. `t.task`, `../name`, `@index`. */
  readonly written: string;
  readonly parts: readonly string[];
  /** How many `each` outwards. */
  readonly up: number;
  /** `@index`, `@key`, `@first`, `@last`, `@root`. */
  readonly data: boolean;
}

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: TemplatePath }
  | {
      readonly kind: 'block';
      readonly block: 'if' | 'unless' | 'each';
      readonly path: TemplatePath;
      /** Names of `each xs as |item index|`. */
      readonly names: readonly string[];
      readonly body: readonly Part[];
      readonly otherwise: readonly Part[];
    };

export interface Template {
  readonly parts: readonly Part[];
  /** Every name looked up in the variables themselves (not in an item of `each`), with what was asked of it. */
  readonly rootPaths: readonly TemplatePath[];
}

export interface TemplateFault {
  readonly message: string;
  readonly hint: string | null;
  /** The construct at fault as written, to find its place; null when it is the template as a whole. */
  readonly written: string | null;
}

const allowed = 'a template may hold {{name}}, {{#if}}, {{#unless}} and {{#each}}';
const cache = new Map<string, Template | TemplateFault>();

/** Whether a text needs rendering at all. */
export const isTemplate = (text: string): boolean => text.includes('{{');

/** Parses a template, or says why it is refused. */
export function parseTemplate(text: string): Template | TemplateFault {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (cache.size > 10_000) cache.clear();
  cache.set(text, parsed);
  return parsed;
}

export const isFault = (parsed: Template | TemplateFault): parsed is TemplateFault => 'message' in parsed;

class Refused extends Error {
  readonly fault: TemplateFault;
  constructor(fault: TemplateFault) {
    super(fault.message);
    this.fault = fault;
  }
}

function parse(text: string): Template | TemplateFault {
  if (Buffer.byteLength(text) > maxTemplateBytes)
    return {
      message: `the template is larger than ${maxTemplateBytes / 1024} KiB`,
      hint: null,
      written: null,
    };
  if ([...text.matchAll(/\{\{~?\s*(?:[#^]|else\b)/gu)].length > maxBlocks)
    return { message: `the template has more than ${maxBlocks} blocks`, hint: null, written: null };
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(text);
  } catch (error) {
    return { message: 'the template does not parse', hint: syntaxHint(error), written: null };
  }
  const rootPaths: TemplatePath[] = [];
  try {
    return { parts: readProgram(program, [], rootPaths), rootPaths };
  } catch (error) {
    if (error instanceof Refused) return error.fault;
    throw error;
  }
}

function syntaxHint(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const mismatch = /^(\S+) doesn't match (\S+)/u.exec(message);
  if (mismatch !== null) return `{{#${mismatch[1] ?? ''}}} is closed by {{/${mismatch[2] ?? ''}}}`;
  if (message.includes("got 'EOF'")) return 'a {{ or a block is not closed';
  return 'a placeholder is {{name}} or {{name.part}}; write \\{{ for the characters themselves';
}

/** `frames`: names bound by each enclosing `each`, innermost last. */
function readProgram(
  program: hbs.AST.Program | undefined,
  frames: readonly (readonly string[])[],
  rootPaths: TemplatePath[],
): Part[] {
  const parts: Part[] = [];
  for (const statement of program?.body ?? []) {
    if (statement.type === 'ContentStatement') {
      parts.push({ kind: 'text', text: (statement as hbs.AST.ContentStatement).value });
    } else if (statement.type === 'MustacheStatement') {
      const mustache = statement as hbs.AST.MustacheStatement & { escaped: boolean };
      const written = 'original' in mustache.path ? String(mustache.path.original) : null;
      // The parser notes `{{&` and `{{{` alike.
      if (!mustache.escaped)
        throw refused(
          `{{{${written ?? ''}}}} is not allowed in a template`,
          'write two braces: nothing is escaped anyway',
          written,
        );
      if (mustache.params.length > 0 || hasHash(mustache.hash))
        throw refused(`the helper {{${written ?? ''} …}} is not allowed in a template`, allowed, written);
      parts.push({ kind: 'path', path: readPath(mustache.path, frames, rootPaths) });
    } else if (statement.type === 'BlockStatement') {
      parts.push(readBlock(statement as hbs.AST.BlockStatement, frames, rootPaths));
    } else if (statement.type !== 'CommentStatement') {
      const kind = statement.type.startsWith('Partial') ? 'a partial' : 'a decorator';
      throw refused(`${kind} is not allowed in a template`, allowed, kind === 'a partial' ? '>' : '*');
    }
  }
  return parts;
}

function readBlock(
  block: hbs.AST.BlockStatement,
  frames: readonly (readonly string[])[],
  rootPaths: TemplatePath[],
): Part {
  const name = block.path.original;
  if (name !== 'if' && name !== 'unless' && name !== 'each')
    throw refused(`{{#${name}}} is not allowed in a template`, allowed, name);
  const [argument] = block.params;
  if (argument === undefined || block.params.length !== 1 || hasHash(block.hash))
    throw refused(`{{#${name}}} takes one name`, `as in {{#${name} x}}`, name);
  const path = readPath(argument, frames, rootPaths);
  const names = block.program?.blockParams ?? [];
  const inner = name === 'each' ? [...frames, names] : frames;
  return {
    kind: 'block',
    block: name,
    path,
    names,
    body: readProgram(block.program, inner, rootPaths),
    otherwise: readProgram(block.inverse, frames, rootPaths),
  };
}

function readPath(
  expression: hbs.AST.Expression,
  frames: readonly (readonly string[])[],
  rootPaths: TemplatePath[],
): TemplatePath {
  if (expression.type !== 'PathExpression') {
    const written = 'original' in expression ? String(expression.original) : null;
    throw refused('a template may name variables only', allowed, written);
  }
  const { original, parts, depth, data } = expression as hbs.AST.PathExpression;
  const path: TemplatePath = { written: original, parts: parts.map(String), up: depth, data };
  if (data && !['index', 'key', 'first', 'last', 'root'].includes(path.parts[0] ?? ''))
    throw refused(
      `{{${original}}} is not allowed in a template`,
      'there are @index, @key, @first, @last and @root',
      original,
    );
  if (data && depth > 0) throw refused(`{{${original}}} is not allowed in a template`, null, original);
  if (depth > frames.length) throw refused(`{{${original}}} goes out of the template`, null, original);
  const bound =
    depth === 0 &&
    !data &&
    frames.some((names) => names.includes(path.parts[0] ?? '')) &&
    !/^this(?:[./]|$)|^\./u.test(original);
  if (!bound && !data && depth === frames.length) rootPaths.push(path);
  if (data && path.parts[0] === 'root') rootPaths.push({ ...path, parts: path.parts.slice(1) });
  return path;
}

const hasHash = (hash: hbs.AST.Hash | undefined): boolean => (hash?.pairs.length ?? 0) > 0;

const refused = (message: string, hint: string | null, written: string | null): Refused =>
  new Refused({ message, hint, written });
