/** Where the queue is. A password never stands on the command line: it comes in a variable, of which the name is given. */
import { personError } from '../errors.ts';
import type { BrokerAddress } from '../run/queue/greeting.ts';
import type { QueueTimes } from '../run/queue/names.ts';
import { hold } from './secrets.ts';

/** As it was typed. One of the two is set. */
export interface QueueWords {
  readonly url: string | null;
  /** The NAME of a variable that holds the address. */
  readonly variable: string | null;
  /** Waits other than the usual ones. */
  readonly times?: QueueTimes;
}

const example = 'redis://host:6379/0, or rediss:// for TLS';
const defaultPort = 6379;

/** Nothing that is thrown holds a user or a password. */
export function readQueueAddress(
  { url, variable }: QueueWords,
  env: Readonly<Record<string, string | undefined>> = process.env,
): BrokerAddress {
  if (url !== null && variable !== null)
    throw personError('--queue and --queue-env both say where the queue is', { hint: 'give one of them' });
  if (url !== null) {
    if (/@/u.test(url))
      throw personError('--queue holds a user or a password, and everybody on this machine can read it', {
        hint: 'put the whole address into a variable and give its name: --queue-env VISAVIS_QUEUE',
      });
    return parse(url, '--queue', `"${url.slice(0, 100)}"`);
  }
  if (variable === null)
    throw personError('nothing says where the queue is', {
      hint: `give --queue ${example}, or a variable that holds it with --queue-env NAME`,
    });
  const found = env[variable];
  if (found === undefined || found === '')
    throw personError(`--queue-env: the variable ${variable} is not set`, {
      hint: `it holds the address of the queue: ${example}`,
    });
  return parse(found, variable, 'what it holds');
}

/** The words to type at another machine. */
export function sameWords({ url, variable }: QueueWords): string {
  return url === null ? `--queue-env ${variable ?? ''}` : `--queue ${url}`;
}

function parse(text: string, where: string, said: string): BrokerAddress {
  const wrong = (): Error =>
    personError(`${where}: ${said} is no address of a queue`, { hint: `expected ${example}` });
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') throw wrong();
  const db = /^\/?(\d{0,4})$/u.exec(url.pathname)?.[1];
  if (db === undefined || url.search !== '' || url.hash !== '') throw wrong();
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const port = url.port === '' ? defaultPort : Number(url.port);
  const password = url.password === '' ? null : decode(url.password, wrong);
  // Never in a file and never in a word, whoever repeats it.
  if (password !== null) hold(password);
  return {
    host,
    port,
    db: Number(db),
    username: url.username === '' ? null : decode(url.username, wrong),
    password,
    tls: url.protocol === 'rediss:',
    shown: `${url.hostname}:${port}`,
  };
}

function decode(text: string, wrong: () => Error): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong();
  }
}
