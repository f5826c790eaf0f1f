/** How a target's memory is measured: the list `memory:` of a target in `targets.yaml`. */
import type { ProbeSpec } from '../types.ts';
import { readFields, readList, readMapping, readNumber, readText } from './fields.ts';
import type { Entry, Node } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

type Fields = ReadonlyMap<string, Entry>;

interface Kind {
  /** Keys beside `probe`. */
  readonly keys: readonly string[];
  readonly read: (fields: Fields, problems: ProblemList) => ProbeSpec;
}

/** Process numbers of Linux end here at most. */
const maxPid = 2 ** 22;
const maxMetrics = 64;

const kinds: Readonly<Record<string, Kind>> = {
  process: { keys: ['port', 'pid', 'container'], read: readProcess },
  'nvidia-smi': { keys: [], read: () => ({ probe: 'nvidia-smi' }) },
  'amd-smi': { keys: [], read: () => ({ probe: 'amd-smi' }) },
  ollama: {
    keys: ['url'],
    read: (fields, problems) => ({ probe: 'ollama', url: readPage(fields.get('url'), problems) }),
  },
  prometheus: {
    keys: ['url', 'metrics'],
    read: (fields, problems) => ({
      probe: 'prometheus',
      url: readPage(fields.get('url'), problems),
      metrics: readMetrics(fields.get('metrics')?.value, problems),
    }),
  },
};

/** The probes of one target; what is wrong is said. */
export function readMemory(node: Node | undefined, problems: ProblemList): ProbeSpec[] {
  if (node === undefined) return [];
  const specs: ProbeSpec[] = [];
  for (const item of readList(node, 'memory', problems)?.items ?? []) {
    const spec = readProbe(item, problems);
    if (spec === null) continue;
    if (specs.some(({ probe }) => probe === spec.probe))
      problems.error(item.spot, `a second probe "${spec.probe}"`, 'one of each kind is enough');
    specs.push(spec);
  }
  return specs;
}

function readProbe(node: Node, problems: ProblemList): ProbeSpec | null {
  const map = readMapping(node, 'a probe', problems);
  if (map === null) return null;
  const named = map.entries.get('probe');
  if (named === undefined) {
    problems.error(node.spot, 'a probe without a name', `as in { probe: ${Object.keys(kinds)[0] ?? ''} }`);
    return null;
  }
  const name = readText(named.value, 'probe', problems);
  if (name === null) return null;
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) {
    problems.error(named.value.spot, `unknown probe "${name}"`, didYouMean(name, Object.keys(kinds)));
    return null;
  }
  const known = { what: `the probe ${name}`, keys: ['probe', ...kind.keys] };
  return kind.read(readFields(node, known, problems) ?? new Map(), problems);
}

function readProcess(fields: Fields, problems: ProblemList): ProbeSpec {
  const given = ['port', 'pid', 'container'].flatMap((key) => fields.get(key) ?? []);
  const [first, second] = given;
  if (first !== undefined && second !== undefined)
    problems.error(second.keySpot, `both "${first.key}" and "${second.key}"`, 'keep one of them');
  const number = (key: string, max: number): number | null => {
    const entry = fields.get(key);
    return entry === undefined ? null : readNumber(entry.value, key, { min: 1, max, whole: true }, problems);
  };
  return {
    probe: 'process',
    port: number('port', 65_535),
    pid: number('pid', maxPid),
    container: readContainer(fields.get('container'), problems),
  };
}

/** A name or an id as container tools write it. It becomes an argument of such a tool, so it may not look like a flag. */
function readContainer(entry: Entry | undefined, problems: ProblemList): string | null {
  const name = entry === undefined ? null : readText(entry.value, 'container', problems);
  if (entry === undefined || name === null || /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/u.test(name)) return name;
  problems.error(
    entry.value.spot,
    `"${name.slice(0, 80)}" is no name of a container`,
    'the name or id that docker ps or podman ps prints',
  );
  return null;
}

/** An address that is read by GET. Unlike a base URL it may have a query; credentials in it would reach a report. */
function readPage(entry: Entry | undefined, problems: ProblemList): string | null {
  const written = entry === undefined ? null : readText(entry.value, 'url', problems);
  if (entry === undefined || written === null) return null;
  const hint = 'as in http://127.0.0.1:8000/metrics';
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    problems.error(entry.value.spot, 'url is not a URL', hint);
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    problems.error(entry.value.spot, `a url begins with http:// or https://, not ${url.protocol}`, hint);
  else if (url.username !== '' || url.password !== '')
    problems.error(entry.value.spot, 'a url of a probe holds no user name and no password', hint);
  else if (url.hash !== '') problems.error(entry.value.spot, 'a url of a probe has no fragment', hint);
  else return url.href;
  return null;
}

function readMetrics(node: Node | undefined, problems: ProblemList): string[] {
  if (node === undefined) return [];
  const items = readList(node, 'metrics', problems)?.items ?? [];
  if (items.length > maxMetrics) problems.error(node.spot, `more than ${maxMetrics} metrics`);
  return items.flatMap((item) => {
    const name = readText(item, 'a metric', problems);
    if (name === null) return [];
    if (/^[A-Za-z_:][A-Za-z0-9_:]*$/u.test(name)) return [name];
    problems.error(
      item.spot,
      `"${name.slice(0, 80)}" is no name of a metric`,
      'letters, digits, _ and :, without labels',
    );
    return [];
  });
}
