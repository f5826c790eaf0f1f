/** Who is asked: `targets.yaml`, which belongs to the operator and may name hosts and variables, or one word per target. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { personError } from '../errors.ts';
import type { License, Problem, ProbeSpec, Target, Targets } from '../types.ts';
import { readFields, readList, readMapping, readNumber, readText } from './fields.ts';
import { decode, FileFault, readBounded } from './files.ts';
import { checkTag } from './language-tag.ts';
import { readLaunch } from './launch-spec.ts';
import { readMemory } from './memory-probes.ts';
import { readGates } from './gate-list.ts';
import { bareObject, fixedSource, toJson, wholeOf, type Entry, type Node, type Spot } from './node.ts';
import { collectProblems, type ProblemList } from './problem-list.ts';
import { defaultSpeed, readSpeed } from './speed-spec.ts';
import { didYouMean } from './suggest.ts';
import { readAccess, refuseKeys } from './target-access.ts';
import { defaultAttempts, defaultTimeouts, readLimits, readRetry, readTimeouts } from './target-limits.ts';
import { maxYamlBytes, readYaml } from './yaml.ts';

const topKeys = ['targets', 'baseline', 'maxErrorRate', 'speed', 'order', 'gates'];
const targetKeys = [
  'id',
  'baseUrl',
  'model',
  'replay',
  'apiKeyEnv',
  'apiKeyFile',
  'caFile',
  'allowLinkLocal',
  'concurrency',
  'params',
  'timeouts',
  'limits',
  'strictFinish',
  'retry',
  'languages',
  'license',
  'dialect',
  'memory',
  'launch',
  'kvBytesPerToken',
  'logFile',
];
const targetLater = ['price'];

const defaultConcurrency = 4;
const maxConcurrency = 1_024;
/** `auto` asks the server; a name wins over what it says. */
const dialects = ['auto', 'vllm', 'llama.cpp', 'ollama', 'sglang', 'tgi', 'lmstudio', 'openai', 'generic'];

const defaults = {
  replay: null,
  apiKeyEnv: null,
  dialect: 'auto',
  concurrency: defaultConcurrency,
  params: {},
  timeouts: defaultTimeouts,
  attempts: defaultAttempts,
  languages: null,
  license: null,
  memory: [],
  kvBytesPerToken: null,
  launch: null,
};

/** Reads a targets file. `targets` is null when it cannot be used; why stands in `problems`. */
export async function loadTargets(file: string): Promise<{ targets: Targets | null; problems: Problem[] }> {
  const problems = collectProblems(file);
  let text: string;
  try {
    // A link is fine here: the file is the operator's own.
    text = decode(readBounded(realpathSync(file), maxYamlBytes));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof FileFault) && code === undefined) throw error;
    const why = error instanceof FileFault ? error.message : `cannot be opened (${code})`;
    problems.error(wholeOf(fixedSource(file, 1)), `the file ${why}`);
    return { targets: null, problems: problems.all() };
  }
  const tree = readYaml(file, text, problems);
  const targets = tree === null ? null : readTargets(tree, path.dirname(file), problems);
  return { targets: problems.errors() > 0 ? null : targets, problems: problems.all() };
}

function readTargets(root: Node, folder: string, problems: ProblemList): Targets | null {
  refuseKeys(root, problems);
  const fields = readFields(root, { what: 'a targets file', keys: topKeys }, problems);
  if (fields === null) return null;
  const list = fields.get('targets');
  if (list === undefined) {
    problems.error(
      root.spot,
      'no "targets"',
      'a list of endpoints: targets: [{ id: a, baseUrl: "http://127.0.0.1:8000/v1", model: m }]',
    );
    return null;
  }
  const nodes = readList(list.value, 'targets', problems)?.items ?? [];
  if (list.value.kind === 'list' && nodes.length === 0) problems.error(list.value.spot, 'targets is empty');
  const targets: Target[] = [];
  // A target with another fault is still one that the baseline may name.
  const ids = new Set<string>();
  for (const node of nodes) {
    const id = idOf(node);
    if (id !== null && ids.has(id))
      problems.error(node.spot, `a second target "${id}"`, 'give each target its own id');
    if (id !== null) ids.add(id);
    const target = readTarget(node, folder, problems);
    if (target !== null) targets.push(target);
  }
  const named = fields.get('baseline');
  const baseline = named === undefined ? null : readText(named.value, 'baseline', problems);
  if (named !== undefined && baseline !== null && !ids.has(baseline.normalize('NFC')))
    problems.error(
      named.value.spot,
      `the baseline "${baseline}" is no target`,
      didYouMean(baseline, [...ids]),
    );
  const share = fields.get('maxErrorRate');
  const maxErrorRate =
    share === undefined ? 0 : (readNumber(share.value, 'maxErrorRate', { min: 0, max: 1 }, problems) ?? 0);
  const load = fields.get('speed');
  const speed = { ...defaultSpeed, ...(load === undefined ? null : readSpeed(load.value, problems)) };
  const order = readOrder(fields.get('order'), problems);
  return {
    targets,
    baseline: baseline?.normalize('NFC') ?? targets[0]?.id ?? '',
    maxErrorRate,
    speed,
    order,
    gates: readGates(fields.get('gates')?.value, problems),
  };
}

const orders = ['interleaved', 'by-target'] as const;

function readOrder(entry: Entry | undefined, problems: ProblemList): Targets['order'] {
  if (entry === undefined) return 'interleaved';
  const text = readText(entry.value, 'order', problems);
  const found = orders.find((one) => one === text);
  if (found === undefined && text !== null)
    problems.error(
      entry.value.spot,
      `order: expected interleaved or by-target, got "${text}"`,
      didYouMean(text, orders),
    );
  return found ?? 'interleaved';
}

/** Two spellings of one name look the same in every table. */
function idOf(node: Node): string | null {
  const value = node.kind === 'map' ? node.entries.get('id')?.value : undefined;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value.normalize('NFC') : null;
}

function readTarget(node: Node, folder: string, problems: ProblemList): Target | null {
  const fields = readFields(node, { what: 'a target', keys: targetKeys, later: targetLater }, problems);
  if (fields === null) return null;
  const text = (key: string): string | null => {
    const entry = fields.get(key);
    return entry === undefined ? null : readText(entry.value, key, problems);
  };
  const before = problems.errors();
  const id = text('id');
  const replay = text('replay');
  const url = text('baseUrl');
  const model = text('model');
  if (!fields.has('id')) problems.error(node.spot, 'a target without an id');
  if (id !== null) checkId(id, fields.get('id')?.value.spot ?? node.spot, problems);
  if (url !== null && replay !== null)
    problems.error(
      fields.get('replay')?.keySpot ?? node.spot,
      'both "baseUrl" and "replay"',
      'keep one of them',
    );
  if (!fields.has('baseUrl') && !fields.has('replay'))
    problems.error(node.spot, 'a target without "baseUrl"', 'as in baseUrl: http://127.0.0.1:8000/v1');
  if (!fields.has('model'))
    problems.error(node.spot, 'a target without "model"', 'the name the server knows it by');
  const baseUrl =
    url === null ? null : checkedUrl(url, fields.get('baseUrl')?.value.spot ?? node.spot, problems);
  const target = {
    ...defaults,
    ...readAccess(fields, folder, problems),
    concurrency: whole(
      fields.get('concurrency'),
      'concurrency',
      defaultConcurrency,
      maxConcurrency,
      problems,
    ),
    params: readParams(fields.get('params')?.value, problems),
    timeouts: readTimeouts(fields.get('timeouts')?.value, problems),
    ...readLimits(fields.get('limits'), problems),
    ...readRetry(fields.get('retry')?.value, problems),
    dialect: readDialect(fields.get('dialect'), problems),
    languages: readLanguages(fields.get('languages')?.value, problems),
    license: readLicense(fields.get('license')?.value, problems),
    memory: [
      ...readMemory(fields.get('memory')?.value, problems),
      ...readLogFile(fields.get('logFile'), folder, problems),
    ],
    launch: readLaunch(fields.get('launch'), problems),
    kvBytesPerToken: readKvBytes(fields.get('kvBytesPerToken'), problems),
  };
  if (replay !== null && target.memory.length > 0)
    problems.error(
      (fields.get('memory') ?? fields.get('logFile'))?.keySpot ?? node.spot,
      'an embedded endpoint is measured without being told to',
      'remove it',
    );
  if (replay !== null && fields.has('launch'))
    problems.error(
      fields.get('launch')?.keySpot ?? node.spot,
      'an embedded endpoint is started without being told to',
      'remove it',
    );
  if (problems.errors() > before || id === null || model === null) return null;
  return {
    id: id.normalize('NFC'),
    baseUrl,
    model,
    ...target,
    replay: replay === null ? null : path.resolve(folder, replay),
  };
}

/** Ids stand in tables, file names of logs and gates. */
function checkId(id: string, spot: Spot, problems: ProblemList): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}$/u.test(id))
    problems.error(
      spot,
      `the id ${JSON.stringify(id)} is not a plain name`,
      'letters, digits, dot, dash and underscore, at most 64',
    );
}

/** An address without credentials, query or trailing slash; null with the problem said. */
function checkedUrl(written: string, spot: Spot, problems: ProblemList): string | null {
  const checked = readUrl(written);
  if (!('fault' in checked)) return checked.url;
  problems.error(spot, checked.fault, checked.hint);
  return null;
}

function readUrl(written: string): { url: string } | { fault: string; hint: string } {
  const example = 'as in http://127.0.0.1:8000/v1';
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    return { fault: `"${withoutCredentials(written)}" is not a URL`, hint: example };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { fault: `a base URL begins with http:// or https://, not ${url.protocol}`, hint: example };
  if (url.username !== '' || url.password !== '')
    return {
      fault: 'a base URL holds no user name and no password',
      hint: 'name the variable that holds the key in apiKeyEnv',
    };
  if (url.search !== '' || url.hash !== '')
    return { fault: 'a base URL has no query and no fragment', hint: example };
  if (/\/chat\/completions\/?$/u.test(url.pathname))
    return {
      fault: 'a base URL ends before /chat/completions',
      hint: url.href.replace(/\/chat\/completions\/?$/u, ''),
    };
  return { url: url.href.replace(/\/+$/u, '') };
}

/** Up to the last @: where the text is no URL, nobody knows where a password ends. */
const withoutCredentials = (url: string): string => url.replace(/\/\/.*@/su, '//').slice(0, 200);

function readDialect(entry: Entry | undefined, problems: ProblemList): string {
  const name = entry === undefined ? 'auto' : readText(entry.value, 'dialect', problems);
  if (entry !== undefined && name !== null && !dialects.includes(name)) {
    problems.error(entry.value.spot, `unknown dialect "${name}"`, didYouMean(name, dialects));
  }
  return name ?? 'auto';
}

function whole(
  entry: Entry | undefined,
  what: string,
  fallback: number,
  max: number,
  problems: ProblemList,
): number {
  return entry === undefined
    ? fallback
    : (readNumber(entry.value, what, { min: 1, max, whole: true }, problems) ?? fallback);
}

const runsOwn = ['model', 'messages', 'stream', 'stream_options', 'n'];

function readParams(node: Node | undefined, problems: ProblemList): Target['params'] {
  if (node === undefined) return {};
  const map = readMapping(node, 'params', problems);
  for (const entry of map?.entries.values() ?? []) {
    if (runsOwn.includes(entry.key)) problems.error(entry.keySpot, `"${entry.key}" cannot be set in params`);
  }
  return bareObject(
    [...(map?.entries.values() ?? [])].map((entry) => [entry.key, toJson(entry.value)] as const),
  );
}

function readLanguages(node: Node | undefined, problems: ProblemList): string[] | null {
  if (node === undefined) return null;
  return (readList(node, 'languages', problems)?.items ?? []).flatMap((item) => {
    const tag = readText(item, 'a language', problems);
    return tag !== null && checkTag(tag, item.spot, problems) ? [tag] : [];
  });
}

function readLicense(node: Node | undefined, problems: ProblemList): License | null {
  if (node === undefined) return null;
  const fields = readFields(node, { what: 'license', keys: ['name', 'url', 'notes'] }, problems);
  const text = (key: string): string | null => {
    const entry = fields?.get(key);
    return entry === undefined ? null : readText(entry.value, key, problems, { empty: true });
  };
  const name = text('name');
  if (fields !== null && name === null) problems.error(node.spot, 'a license without a name');
  return name === null ? null : { name, url: text('url'), notes: text('notes') };
}

/** The file is the operator's own and may lie anywhere; whether it is there shows when it is read. */
function readLogFile(entry: Entry | undefined, folder: string, problems: ProblemList): ProbeSpec[] {
  const file = entry === undefined ? null : readText(entry.value, 'logFile', problems);
  return file === null ? [] : [{ probe: 'log', file: path.resolve(folder, file) }];
}

function readKvBytes(entry: Entry | undefined, problems: ProblemList): number | null {
  const range = { min: 1, max: 2 ** 30, whole: true };
  return entry === undefined ? null : readNumber(entry.value, 'kvBytesPerToken', range, problems);
}

/** A target from `id=URL#model`. Throws a `PersonError` that says which part is missing. */
export function parseTargetFlag(text: string): Target {
  const hint = 'as in --target qwen=http://127.0.0.1:8000/v1#Qwen/Qwen2.5-7B-Instruct';
  const [, id = '', url = '', model = ''] = /^([^=]*)=([^#]*)#(.*)$/su.exec(text) ?? [];
  const shown = withoutCredentials(text);
  if (id === '' || url === '' || model === '')
    throw personError(`--target ${shown}: ${missingPart(text)}`, { hint });
  const problems = collectProblems('--target');
  checkId(id, wholeOf(fixedSource('--target', 1)), problems);
  const checked = readUrl(url);
  const fault = problems.all()[0]?.message ?? ('fault' in checked ? checked.fault : null);
  if (fault !== null || 'fault' in checked)
    throw personError(`--target ${shown}: ${fault ?? ''}`, {
      hint: 'fault' in checked ? checked.hint : hint,
    });
  return { ...defaults, id: id.normalize('NFC'), baseUrl: checked.url, model };
}

function missingPart(text: string): string {
  if (!/^[^=:/#]+=/u.test(text)) return 'an id and = are missing before the URL';
  return text.includes('#') ? 'the URL or the model is missing' : 'the model is missing after the URL';
}
