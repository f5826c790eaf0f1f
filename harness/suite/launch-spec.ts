/** The `launch:` block of a target: the command that starts its server, and how one knows that it is ready. */
import type { Launch } from '../types.ts';
import { readFields, readList, readNumber, readText } from './fields.ts';
import type { Entry } from './node.ts';
import type { ProblemList } from './problem-list.ts';

const defaultTimeoutMs = 600_000;
const longestMs = 24 * 3600 * 1000;

/** null where there is none, and where it cannot be used: then the problem is said. */
export function readLaunch(entry: Entry | undefined, problems: ProblemList): Launch | null {
  if (entry === undefined) return null;
  const before = problems.errors();
  const fields = readFields(
    entry.value,
    { what: 'launch', keys: ['command', 'ready', 'timeoutMs', 'env'] },
    problems,
  );
  if (fields === null) return null;
  const command = readWords(fields.get('command'), 'command', problems);
  if (command.length === 0)
    problems.error(
      entry.value.spot,
      'launch without a command',
      'a list of words: [vllm, serve, MODEL, --port, "8000"]',
    );
  const ready = fields.get('ready');
  if (ready === undefined)
    problems.error(
      entry.value.spot,
      'launch without "ready"',
      'an address that answers 2xx when the server may be asked, as in http://127.0.0.1:8000/health',
    );
  const timeout = fields.get('timeoutMs');
  const launch = {
    command,
    ready: ready === undefined ? '' : readAddress(ready, problems),
    timeoutMs:
      timeout === undefined
        ? defaultTimeoutMs
        : (readNumber(timeout.value, 'timeoutMs', { min: 1, max: longestMs }, problems) ?? defaultTimeoutMs),
    env: readWords(fields.get('env'), 'env', problems),
  };
  return problems.errors() > before ? null : launch;
}

/** A number in a command is a slip that YAML makes easy: `--port 8000` would be one. It is taken for its text. */
function readWords(entry: Entry | undefined, what: string, problems: ProblemList): string[] {
  if (entry === undefined) return [];
  return (readList(entry.value, what, problems)?.items ?? []).flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'number') return [String(item.value)];
    const text = readText(item, `a word of ${what}`, problems);
    return text === null ? [] : [text];
  });
}

function readAddress({ value }: Entry, problems: ProblemList): string {
  const written = readText(value, 'ready', problems);
  if (written === null) return '';
  try {
    const { protocol, username, password } = new URL(written);
    if (username !== '' || password !== '') {
      problems.error(value.spot, 'ready holds no user name and no password');
      return '';
    }
    if (protocol === 'http:' || protocol === 'https:') return written;
  } catch {
    // Said below.
  }
  problems.error(
    value.spot,
    `ready: "${written.replace(/\/\/.*@/su, '//').slice(0, 200)}" is no http address`,
    'as in http://127.0.0.1:8000/health',
  );
  return '';
}
