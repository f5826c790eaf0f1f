/**
 * YAML in, nodes with places out. Only the plain data of YAML 1.2: no tags of one's own, no directives, one document,
 * aliases within bounds, and no value that would silently become another (`012`, integers past 2^53).
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  type Document,
  type Node as YamlNode,
} from 'yaml';
import { maxDepth, maxExact, refusedKeys, type Entry, type Node, type Source, type Spot } from './node.ts';
import { overLimit } from './nesting.ts';
import type { ProblemList } from './problem-list.ts';

/** A suite or targets file may be this long. Larger sets belong in a data file. */
export const maxYamlBytes = 2 * 1024 * 1024;
/** Parsing takes a second or two at this many tokens, whatever they are. */
const maxTokens = 400_000;
const maxAliases = 100;
/** Values that aliases may add to those written out. */
const maxAliased = 10_000;

function yamlSource(file: string, text: string): { source: Source; counter: LineCounter } {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  const locate = (offset: number): { file: string; line: number; column: number } => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  return { source: { file, text, locate }, counter };
}

/** The tree of a document, or null when it cannot be read at all. Says what is wrong to `problems`; never throws for the text's sake. */
export function readYaml(file: string, text: string, problems: ProblemList): Node | null {
  const { source } = yamlSource(file, text);
  const spot = (start: number, end = start): Spot => ({ source, start, end });
  const over = overLimit(new Lexer().lex(text), { depth: maxDepth, tokens: maxTokens });
  if (over !== null) {
    if (over.limit === 'depth') problems.error(spot(over.offset), `nested deeper than ${maxDepth} levels`);
    else
      problems.error(
        spot(over.offset),
        `more than ${maxTokens} YAML tokens`,
        'move the tests to a data file and name it in tests_from',
      );
    return null;
  }
  const directive = /^%(?!YAML[ \t]+1\.2[ \t]*(?:#.*)?$).*$/mu.exec(
    text.slice(0, /^---/mu.exec(text)?.index ?? 0),
  );
  if (directive !== null) {
    problems.error(
      spot(directive.index),
      `the directive ${JSON.stringify(directive[0].slice(0, 40))} is refused`,
      'files are YAML 1.2; leave the line out',
    );
    return null;
  }
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    // Ours is linear: the parser's own test compares every key with every other.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const faults = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  for (const fault of faults) {
    const written = text.slice(fault.pos[0], fault.pos[1]);
    problems.error(spot(fault.pos[0], fault.pos[1]), ...faultText(fault.code, fault.message, written));
  }
  if (faults.length > 0 || document.contents === null) {
    if (faults.length === 0) problems.error(spot(0), 'the file is empty');
    return null;
  }
  return convert(document, source, problems);
}

function faultText(code: string, message: string, written: string): [string, string | null] {
  if (code === 'MULTIPLE_DOCS')
    return ['more than one YAML document', 'a file holds one document; remove the line ---'];
  if (code === 'TAG_RESOLVE_FAILED')
    return [`the tag ${written.slice(0, 60)} is refused`, 'a suite is data: write plain values'];
  if (code === 'TAB_AS_INDENT') return ['a tab indents this line', 'indent with spaces'];
  if (code === 'NON_STRING_KEY') return ['a key is a collection', 'keys are plain words'];
  return [`YAML: ${message.split('\n')[0]?.slice(0, 200) ?? code}`, null];
}

/** Turns the parser's tree into ours. Null when an alias makes it unsafe to go on. */
function convert(document: Document.Parsed, source: Source, problems: ProblemList): Node | null {
  const anchored = new Map<string, { readonly node: Node | null; readonly size: number }>();
  let aliases = 0;
  let aliased = 0;
  let size = 0;
  let stopped = false;
  const spotOf = (node: YamlNode): Spot => ({
    source,
    start: node.range?.[0] ?? 0,
    end: node.range?.[1] ?? 0,
  });
  const missing = (spot: Spot): Node => ({ kind: 'scalar', value: null, spot });

  const visit = (node: YamlNode, depth: number): Node => {
    const spot = spotOf(node);
    if (stopped) return missing(spot);
    if (depth > maxDepth) {
      stopped = true;
      problems.error(spot, `nested deeper than ${maxDepth} levels`);
      return missing(spot);
    }
    if (isAlias(node)) return alias(node.source, spot, depth);
    const before = size;
    size += 1;
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchored.set(anchor, { node: null, size: 0 });
    const built = build(node, spot, depth);
    if (anchor !== undefined) anchored.set(anchor, { node: built, size: size - before });
    return built;
  };

  const alias = (name: string, spot: Spot, depth: number): Node => {
    const target = anchored.get(name);
    aliases += 1;
    aliased += target?.size ?? 0;
    size += target?.size ?? 0;
    const why =
      target === undefined || target.node === null
        ? `the alias *${name} contains itself or has no anchor`
        : aliases > maxAliases
          ? `more than ${maxAliases} aliases`
          : aliased > maxAliased
            ? `aliases repeat more than ${maxAliased} values`
            : depth + depthOf(target.node) > maxDepth
              ? `nested deeper than ${maxDepth} levels`
              : null;
    if (why === null && target !== undefined && target.node !== null) return target.node;
    stopped = true;
    problems.error(spot, why ?? 'the alias cannot be read');
    return missing(spot);
  };

  const build = (node: YamlNode, spot: Spot, depth: number): Node => {
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => visit(item as YamlNode, depth + 1)), spot };
    if (isMap(node)) {
      const entries = new Map<string, Entry>();
      for (const pair of node.items) {
        const keyNode = pair.key as YamlNode;
        const keySpot = spotOf(keyNode);
        const key = isScalar(keyNode) && typeof keyNode.value === 'string' ? keyNode.value : '';
        if (!isScalar(keyNode))
          problems.error(keySpot, 'a key is a collection or an alias', 'keys are plain words');
        else if (refusedKeys.has(key))
          problems.error(keySpot, `the key "${key}" is refused`, 'choose another name');
        else if (entries.has(key))
          problems.error(
            keySpot,
            `duplicate key "${key}"`,
            `first written on line ${entries.get(key)?.keySpot.source.locate(entries.get(key)?.keySpot.start ?? 0).line ?? 0}`,
          );
        else
          entries.set(key, {
            key,
            keySpot,
            value:
              pair.value === null
                ? missing({ source, start: keySpot.end, end: keySpot.end })
                : visit(pair.value as YamlNode, depth + 1),
          });
      }
      return { kind: 'map', entries, spot };
    }
    if (!isScalar(node)) return missing(spot);
    const { value } = node;
    if (typeof value === 'number' && node.type === 'PLAIN')
      checkNumber(value, node.source ?? String(value), spot, problems);
    if (
      value === null ||
      typeof value === 'boolean' ||
      typeof value === 'number' ||
      typeof value === 'string'
    )
      return { kind: 'scalar', value, spot };
    problems.error(spot, 'a value that is neither text, number, true, false nor null', 'quote it');
    return missing(spot);
  };

  const root = visit(document.contents as YamlNode, 0);
  return stopped ? null : root;
}

/** Refuses numbers that would be read as something else than what stands there. */
function checkNumber(value: number, written: string, spot: Spot, problems: ProblemList): void {
  if (/^[-+]?0[0-9xob]/iu.test(written))
    problems.error(
      spot,
      `the number ${written} begins with 0 and would be read as ${value}`,
      `quote it: "${written}"`,
    );
  else if (!Number.isFinite(value))
    problems.error(spot, `${written.slice(0, 40)} is not a finite number`, 'quote it');
  else if (Math.abs(value) > maxExact)
    problems.error(
      spot,
      `the number ${written.slice(0, 40)} is too large to be read exactly`,
      `quote it: "${written.slice(0, 40)}"`,
    );
}

const depths = new WeakMap<Node, number>();

function depthOf(node: Node): number {
  if (node.kind === 'scalar') return 0;
  const known = depths.get(node);
  if (known !== undefined) return known;
  const inner = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.value);
  const depth = 1 + inner.reduce((deepest, child) => Math.max(deepest, depthOf(child)), 0);
  depths.set(node, depth);
  return depth;
}
