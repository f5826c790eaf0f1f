/** How a target is come by: the place of its key, the authorities it is trusted by, and where its name may lead. */
import path from 'node:path';
import type { Target } from '../types.ts';
import { readBoolean, readText } from './fields.ts';
import type { Entry } from './node.ts';
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
