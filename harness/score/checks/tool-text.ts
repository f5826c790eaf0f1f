/**
 * Recognises a call that a model wrote into its answer where a call proper was due: most often a server that lacks the
 * parser for the model's own marks. Only what names a tool that was offered counts.
 */
import type { Json } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { codeFences } from './code-fence.ts';
import { scanBrackets } from './json-scan.ts';
import { isObject } from './schema-limits.ts';

/** `tag`: between marks of a chat template. `json`: an object of name and arguments. `code`: `name(…)` and nothing else. */
export type CallInText = 'tag' | 'json' | 'code';

/** Marks that open a call in the templates of model families. */
const marks =
  /<[|｜]?(?:tool[_▁]calls?|function[_▁]calls?|tool[_▁]use|python_tag|action_start|invoke)[^>\n]{0,40}>|<function=|\[(?:TOOL_CALLS|TOOL_REQUEST)\]|functools\[/u;
const nameKeys = ['name', 'function', 'function_name', 'tool', 'tool_name', 'recipient_name', 'action'];
const argumentKeys = ['arguments', 'parameters', 'args', 'kwargs', 'input', 'tool_input', 'action_input'];
/** UTF-16 units and bracketed parts looked at: a call stands near the start or is all there is. */
const maxLength = 100_000;
const maxRegions = 50;

/** How a call of one of the tools is written in the answer; null: none is. */
export function callInText(answer: string, names: ReadonlySet<string>): CallInText | null {
  if (names.size === 0) return null;
  const text = normalize(answer, ['strip-think', 'trim'], 'und').slice(0, maxLength);
  const marked = marks.exec(text);
  if (marked !== null && [...names].some((name) => text.includes(name, marked.index))) return 'tag';
  const values = scanBrackets(text)
    .regions.slice(0, maxRegions)
    .map(({ start, end }) => parsed(text.slice(start, end)));
  if (values.some((value) => isCall(value, names, 0))) return 'json';
  return isCode(codeFences(text)[0]?.content ?? text, names) ? 'code' : null;
}

function parsed(source: string): Json | undefined {
  try {
    const value: Json = JSON.parse(source);
    return value;
  } catch {
    return undefined;
  }
}

/** `{name, arguments}` in its many spellings, alone, in a list, or one level down (`tool_calls`, `function`). */
function isCall(value: Json | undefined, names: ReadonlySet<string>, depth: number): boolean {
  if (depth > 3 || typeof value !== 'object' || value === null) return false;
  if (!isObject(value)) return Object.values<Json>(value).some((item) => isCall(item, names, depth + 1));
  const named = nameKeys.some((key) => {
    const name = value[key];
    return typeof name === 'string' && names.has(name);
  });
  if (named && argumentKeys.some((key) => Object.hasOwn(value, key))) return true;
  const entries = Object.entries(value);
  const [only] = entries;
  // {"get_weather": {"city": "Nairobi"}}
  if (entries.length === 1 && only !== undefined && names.has(only[0]) && isObject(only[1])) return true;
  return entries.some(
    ([key, part]) => /^(?:function|tool)(?:_calls?|s)?$/u.test(key) && isCall(part, names, depth + 1),
  );
}

/** `get_weather(city="Nairobi")`, also in a list, and nothing else. */
function isCode(source: string, names: ReadonlySet<string>): boolean {
  const text = source.trim().replace(/^\[/u, '');
  const opened = text.indexOf('(');
  return opened > 0 && names.has(text.slice(0, opened).trim()) && /\)[\]\s;]{0,5}$/u.test(text);
}
