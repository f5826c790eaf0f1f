/** How a target is come by: the place of its key, the authorities it is trusted by, and where its name may lead. */
import path from 'node:path';
import type { Target } from '../types.ts';
import { readBoolean, readText } from './fields.ts';
import type { Entry, Node, Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';

type Fields = ReadonlyMap<string, Entry>;

/** Paths are relative to the targets file, which is the operator's own: they may lead anywhere. */
export function readAccess(
  fields: Fields,
  folder: string,
  problems: ProblemList,
): Pick<Target, 'apiKeyEnv' | 'apiKeyFile' | 'caFile' | 'allowLinkLocal' | 'strictFinish'> {
  const file = (key: string): string | null => {
    const entry = fields.get(key);
    const written = entry === undefined ? null : readText(entry.value, key, problems);
    return written === null ? null : path.resolve(folder, written);
  };
  const flag = (key: string): boolean => {
    const entry = fields.get(key);
    return entry !== undefined && readBoolean(entry.value, key, problems) === true;
  };
  const apiKeyEnv = readVariableName(fields.get('apiKeyEnv'), problems);
  const keyFile = fields.get('apiKeyFile');
  if (keyFile !== undefined && fields.has('apiKeyEnv'))
    problems.error(keyFile.keySpot, 'both "apiKeyEnv" and "apiKeyFile"', 'keep one of them');
  return {
    apiKeyEnv,
    apiKeyFile: keyFile !== undefined && isKeyItself(keyFile, problems) ? null : file('apiKeyFile'),
    caFile: file('caFile'),
    allowLinkLocal: flag('allowLinkLocal'),
    strictFinish: flag('strictFinish'),
  };
}

/** What a key of some maker begins with, and enough behind it; or a token of three parts. */
const keyShapes: readonly RegExp[] = [
  /(?<![\w-])(?:sk|pk|rk)-(?=[\w-]*\d)[\w-]{16,}/u,
  /(?<![\w-])(?:gh[opsru]|github_pat|glpat|hf|gsk|r8|nvapi|xai)[_-](?=[\w-]*\d)[\w-]{16,}/u,
  /(?<!\w)A(?:KIA|SIA)[0-9A-Z]{16}(?!\w)/u,
  /(?<!\w)AIza[\w-]{30,}/u,
  /(?<!\w)eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/u,
  /\bBearer\s+[\w.~+/-]{16,}/u,
];

/** Says of every value and name in a targets file that looks like a key that it does, and does not repeat it. */
export function refuseKeys(node: Node, problems: ProblemList): void {
  if (node.kind === 'list') return node.items.forEach((item) => refuseKeys(item, problems));
  if (node.kind === 'map') {
    for (const { key, keySpot, value } of node.entries.values()) {
      if (isKey(key)) sayKey(keySpot, problems);
      refuseKeys(value, problems);
    }
    return;
  }
  if (typeof node.value === 'string' && isKey(node.value)) sayKey(node.spot, problems);
}

const isKey = (text: string): boolean => keyShapes.some((shape) => shape.test(text));

function sayKey(spot: Spot, problems: ProblemList): void {
  problems.error(
    spot,
    'this looks like a key',
    'name the variable that holds it, in apiKeyEnv or launch.env, and make a new key: this one has been in a file',
  );
}

/** Keys of some makers hold nothing that a variable's name could not. */
function looksLikeKey(name: string): boolean {
  if (/^(?:hf|gsk|sk|pk|rk|ghp|gho|xai|nvapi|r8|glpat)[_-]/u.test(name)) return true;
  return name.length > 20 && /[a-z]/u.test(name) && /[A-Z]/u.test(name) && /\d/u.test(name);
}

/** The name of a variable. What looks like the key itself is refused, and not repeated. */
function readVariableName(entry: Entry | undefined, problems: ProblemList): string | null {
  if (entry === undefined) return null;
  const name = readText(entry.value, 'apiKeyEnv', problems);
  if (name === null || (/^[A-Z_][A-Z0-9_]*$/iu.test(name) && !looksLikeKey(name))) return name;
  problems.error(
    entry.value.spot,
    'apiKeyEnv holds something that is no variable name',
    'write the NAME of the variable, as in QWEN_API_KEY, never the key',
  );
  return null;
}

/** A path has a slash or a dot somewhere; a key seldom has. */
function isKeyItself({ value }: Entry, problems: ProblemList): boolean {
  const text = value.kind === 'scalar' ? value.value : null;
  if (typeof text !== 'string' || /[./\\]/u.test(text) || !looksLikeKey(text)) return false;
  problems.error(
    value.spot,
    'apiKeyFile holds something that looks like a key',
    'write the PATH of the file that holds it, as in ./qwen.key, never the key',
  );
  return true;
}
