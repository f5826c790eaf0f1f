/** Starts the embedded endpoint in a process of its own and waits until it says where it listens. */
import { spawn } from 'node:child_process';
import { personError } from '../errors.ts';
import type { Pace } from './paced.ts';

export interface ReplayProcess {
  readonly baseUrl: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const startMs = 20_000;
/** From the order to end to the end by force. */
const stopMs = 2000;

/**
 * Runs in the endpoint before the program: its standard input is a pipe whose other end we alone hold, so it ends when
 * we do, also where we are killed and can tell nobody. An endpoint that a person starts has no such watch.
 */
const watch = `process.stdin.once('end', () => process.kill(process.pid, 'SIGTERM')).resume().unref();`;

/** `program` is the file of the command line itself; it is run again with `replay <cassette>`. */
export function startReplay(program: string, cassette: string): Promise<ReplayProcess> {
  return startOwn(program, ['replay', cassette, '--port', '0'], `the embedded endpoint for ${cassette}`);
}

/** A paced server in a process of its own, for measuring the client. */
export function startPaced(program: string, { firstMs, tokensPerSecond }: Pace): Promise<ReplayProcess> {
  const words = ['paced', '--first', String(firstMs), '--rate', String(tokensPerSecond), '--port', '0'];
  return startOwn(program, words, 'the paced server');
}

function startOwn(program: string, words: readonly string[], what: string): Promise<ReplayProcess> {
  return new Promise((resolve, reject) => {
    const watched = ['--import', `data:text/javascript,${encodeURIComponent(watch)}`];
    const command = [...process.execArgv, ...watched, program, ...words];
    const child = spawn(process.execPath, command, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    });
    const kill = (): void => void child.kill('SIGKILL');
    let out = '';
    let complaints = '';
    const late = setTimeout(() => {
      complaints = `it did not say where it listens within ${startMs / 1000} s`;
      kill();
    }, startMs);
    process.once('exit', kill);
    // Not at its exit: its last words may still be under way then.
    const gone = new Promise<void>((ended) => child.once('close', () => ended()));
    const fail = (why: string): void =>
      reject(personError(`${what} did not start`, why === '' ? {} : { hint: why }));
    child.once('error', (error) => fail(error.message));
    // Written to by nobody; a broken pipe is how it ends.
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-2000);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out = (out + text).slice(-2000);
      // The blank after it: an address may come in two parts.
      const found = /listening on (http:\/\/\S+)\s/u.exec(out);
      if (found?.[1] === undefined || child.pid === undefined) return;
      clearTimeout(late);
      resolve({
        baseUrl: found[1],
        pid: child.pid,
        stop: async () => {
          const force = setTimeout(kill, stopMs);
          child.kill('SIGTERM');
          await gone;
          clearTimeout(force);
        },
      });
    });
    void gone.then(() => {
      clearTimeout(late);
      process.off('exit', kill);
      fail(complaints.trim().split('\n').at(-1) ?? '');
    });
  });
}
