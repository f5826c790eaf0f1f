/** What a server says when it is met, and what that means for the person: no entry, too old, or at risk. Pure. */
import { exitCode, personError } from '../../errors.ts';
import { prefix } from './names.ts';

const leastRedis = 7;
const leastValkey = 8;

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username: string | null;
  readonly password: string | null;
  readonly tls: boolean;
  /** For people: without user and password. */
  readonly shown: string;
}

/** Never the error's own words where they could hold what was sent. */
export function refusal(error: Error, shown: string): Error {
  const { code } = error as NodeJS.ErrnoException;
  const [, word] = /^([A-Z]{2,})\b/u.exec(error.message) ?? [];
  if (word === 'WRONGPASS' || word === 'NOAUTH' || /invalid password/iu.test(error.message))
    return personError(`the queue at ${shown} does not take this user and password (${word ?? 'ERR'})`, {
      hint: 'give the whole address in a variable, and its name with --queue-env',
      exit: exitCode.aborted,
    });
  if (word === 'NOPERM')
    return personError(`the queue at ${shown} does not let this user do what is needed (NOPERM)`, {
      hint: `it needs the keys ${prefix}:* and all commands, INFO among them`,
      exit: exitCode.aborted,
    });
  if (word === 'ERR' && /DB index/iu.test(error.message))
    return personError(`the queue at ${shown} has no database of that number`, { exit: exitCode.aborted });
  return personError(`there is no queue at ${shown} (${code ?? word ?? 'no answer'})`, {
    hint: 'is Redis or Valkey running there? TLS is spoken to rediss:// only',
    exit: exitCode.aborted,
  });
}

/** One line of the server's own description. */
export const field = (info: string, name: string): string | null =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'mu').exec(info)?.[1] ?? null;

/** Throws for a server that is too old; returns what is risky about it. */
export function judge(info: string, { shown, password, tls, host }: BrokerAddress): string[] {
  const valkey = field(info, 'valkey_version');
  const version = valkey ?? field(info, 'redis_version') ?? '0';
  const least = valkey === null ? leastRedis : leastValkey;
  if (Number.parseInt(version, 10) < least)
    throw personError(
      `the queue at ${shown} is ${valkey === null ? 'Redis' : 'Valkey'} ${version}, and ${least} is the least`,
      { hint: `use Redis ${leastRedis} or Valkey ${leastValkey}, or newer` },
    );
  const policy = field(info, 'maxmemory_policy') ?? 'noeviction';
  const isNear = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return [
    ...(policy === 'noeviction'
      ? []
      : [
          `the queue at ${shown} drops what it holds when its memory is full (maxmemory-policy ${policy}): set it to noeviction`,
        ]),
    ...(password !== null && !tls && !isNear
      ? [`the password of the queue is sent over a plain connection to ${host}: use rediss://`]
      : []),
  ];
}
