/**
 * Starts the server of a target, waits until it is ready, and ends it again: the process group that was started, and only
 * that. Its words go to a log in the run folder. The command is a list: no shell ever sees it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { connect } from 'node:net';
import { exitCode, personError } from '../errors.ts';
import type { Launch } from '../types.ts';
import { lookupFor, refusalOf, usualReach } from './connect.ts';
import { openPages, type PageReader } from './get-json.ts';
import { keepLog } from './server-log.ts';
import { sleep } from './sleep.ts';

export interface LaunchOptions {
  /** Who is started, for people. */
  readonly target: string;
  readonly launch: Launch;
  /** Where its output goes; appended to. */
  readonly logFile: string;
  /** The environment to choose from; what looks like a secret is passed only by name. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a variable holds a secret, beside those whose name says so. */
  readonly isSecret?: (name: string, value: string) => boolean;
  /** Takes out of its words what must not be on the disk; absent: it writes its log itself, and costs this process nothing. */
  readonly clean?: ((text: string) => string) | null;
  readonly stop: AbortSignal;
  readonly say?: (text: string) => void;
  /** Monotonic ms. */
  readonly clock: () => number;
  /** From the order to end to the end by force, ms; ten seconds unless said. */
  readonly graceMs?: number;
}

export interface LaunchedServer {
  readonly pid: number;
  /** From the start of the process to its first ready answer, ms. */
  readonly readyMs: number;
  /** How it ended, in words, while it was to run; null while it runs or when we ended it. */
  readonly exited: () => string | null;
  /** Ends the process group: asked first, forced when it does not heed that. */
  readonly stop: () => Promise<void>;
}

const pollMs = 250;
const sayEveryMs = 5000;
const defaultGraceMs = 10_000;
/** Of a log, to be shown when a server ended. */
const tailBytes = 4000;
/** How long the last words of a server that has ended are waited for. */
const wordsMs = 500;
const tailLines = 5;

/** Resolves when the server answers at its ready address. Throws a `PersonError` that says why it cannot. */
export async function launchServer(options: LaunchOptions): Promise<LaunchedServer> {
  const { target, launch, clock, stop } = options;
  const ready = new URL(launch.ready);
  const refusal = refusalOf(ready.hostname, usualReach);
  if (refusal !== null) throw cannot(target, `its ready address is refused: ${refusal.message}`, null);
  if (await isTaken(ready))
    throw cannot(target, `something listens on ${ready.host} already`, 'end it, or name another port');
  const log = openSync(options.logFile, 'a');
  const started = clock();
  const server = start(options, log);
  try {
    const readyMs = await untilReady(server, options, started);
    return { pid: server.pid, readyMs, exited: server.exited, stop: server.stop };
  } catch (error) {
    await server.stop();
    if (stop.aborted) throw cannot(target, 'stopped while it was starting', null);
    throw error;
  }
}

interface Started {
  readonly pid: number;
  readonly exited: () => string | null;
  readonly failed: () => Error | null;
  readonly stop: () => Promise<void>;
}

function start(options: LaunchOptions, log: number): Started {
  const { launch, logFile, graceMs, clean = null } = options;
  const [program = '', ...words] = launch.command;
  const to = clean === null ? log : ('pipe' as const);
  const child = spawn(program, words, {
    // A group of its own, so that what it starts ends with it.
    detached: true,
    stdio: ['ignore', to, to],
    env: environmentFor(options),
  });
  const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null);
  if (clean === null) closeSync(log);
  else keepLog(outputs, log, clean);
  let end: string | null = null;
  let failed: Error | null = null;
  let wanted = false;
  child.once('error', (error) => (failed = error));
  child.once('exit', (code, signal) => {
    const how = signal === null ? `it ended with exit code ${code ?? '?'}` : `it was ended by ${signal}`;
    const tell = (): void => {
      if (!wanted) end ??= how;
    };
    // Its last words may still be under way; what it started may hold the pipe for ever.
    child.once('close', tell);
    setTimeout(tell, wordsMs).unref();
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const force = (): void => signalGroup(child, 'SIGKILL');
  // Where we end without being able to wait, it must not stay behind.
  process.once('exit', force);
  return {
    pid: child.pid ?? -1,
    failed: () => failed,
    exited: () => (end === null ? null : `${end}${lastWords(logFile)}`),
    stop: async () => {
      wanted = true;
      await endGroup(child, graceMs ?? defaultGraceMs);
      await Promise.race([closed, sleep(wordsMs, new AbortController().signal)]);
      for (const stream of outputs) stream.destroy();
      process.off('exit', force);
    },
  };
}

async function untilReady(server: Started, options: LaunchOptions, started: number): Promise<number> {
  const pages = openPages({
    authorization: null,
    origin: new URL(options.launch.ready).origin,
    userAgent: 'visavis',
    direct: true,
    now: Date.now,
    signal: options.stop,
  });
  try {
    return await watchStart(server, options, started, pages);
  } finally {
    await pages.close();
  }
}

async function watchStart(
  server: Started,
  { target, launch, logFile, clock, stop, say }: LaunchOptions,
  started: number,
  pages: PageReader,
): Promise<number> {
  let said = started;
  for (;;) {
    const failed = server.failed();
    if (failed !== null)
      throw cannot(target, `${launch.command[0] ?? ''} cannot be started: ${failed.message}`, null);
    const end = server.exited();
    if (end !== null) throw cannot(target, end, `its output is in ${logFile}`);
    if (stop.aborted) throw cannot(target, 'stopped', null);
    const { http } = await pages.get(launch.ready);
    if (http !== null && http >= 200 && http < 300) return clock() - started;
    const waited = clock() - started;
    if (waited > launch.timeoutMs)
      throw cannot(
        target,
        `${launch.ready} was not ready within ${Math.round(launch.timeoutMs / 1000)} s${lastWords(logFile)}`,
        `give it longer with timeoutMs, or see ${logFile}`,
      );
    if (clock() - said >= sayEveryMs) {
      said = clock();
      say?.(`${target}: waiting for its server, ${Math.round(waited / 1000)} s${lastWords(logFile, 1)}`);
    }
    await sleep(pollMs, stop);
  }
}

/** Whether a connection to the port succeeds: then whatever answers there is not the server that is to be started. */
function isTaken(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
    const socket = connect({
      host: url.hostname.replace(/^\[|\]$/gu, ''),
      port,
      lookup: lookupFor(usualReach),
    });
    const done = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(1000, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

/** Whether a variable's name says that it holds a secret. */
export const isSecretName = (name: string): boolean => /KEY|TOKEN|SECRET|PASSWORD/iu.test(name);

/** Without what holds a secret, unless the operator names it. */
function environmentFor({ env, launch, isSecret }: LaunchOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined &&
        (launch.env.includes(entry[0]) ||
          (!isSecretName(entry[0]) && isSecret?.(entry[0], entry[1]) !== true)),
    ),
  );
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function groupLives(child: ChildProcess): boolean {
  if (child.pid === undefined) return false;
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function endGroup(child: ChildProcess, graceMs: number): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const never = new AbortController().signal;
  for (let waited = 0; groupLives(child) && waited < graceMs; waited += 50) await sleep(50, never);
  if (groupLives(child)) signalGroup(child, 'SIGKILL');
  for (let waited = 0; groupLives(child) && waited < graceMs; waited += 50) await sleep(50, never);
}

/** The last lines of a log, for a message; empty when there are none. */
function lastWords(file: string, lines = tailLines): string {
  let text = '';
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const tail = Buffer.alloc(Math.min(tailBytes, size));
      readSync(fd, tail, 0, tail.length, size - tail.length);
      text = tail.toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
  const last = text
    .split(/\r?\n|\r/u)
    .filter((line) => line.trim() !== '')
    .slice(-lines);
  return last.length === 0 ? '' : `; its last words: ${last.join(' | ').slice(-500)}`;
}

function cannot(target: string, why: string, hint: string | null): Error {
  return personError(`the server of ${target} did not start: ${why}`, {
    ...(hint === null ? {} : { hint }),
    exit: exitCode.aborted,
  });
}
