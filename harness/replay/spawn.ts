/** Starts the embedded endpoint in a process of its own and waits until it says where it listens. */
import { spawn } from 'node:child_process';
import { personError } from '../errors.ts';

export interface ReplayProcess {
  readonly baseUrl: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const startMs = 20_000;

/** `program` is the file of the command line itself; it is run again with `replay <cassette>`. */
export function startReplay(program: string, cassette: string): Promise<ReplayProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, program, 'replay', cassette, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    });
    let out = '';
    let complaints = '';
    const late = setTimeout(() => child.kill('SIGKILL'), startMs);
    const gone = new Promise<void>((ended) => child.once('exit', () => ended()));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-2000);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const found = /listening on (http:\/\/\S+)/u.exec(out);
      if (found?.[1] === undefined || child.pid === undefined) return;
      clearTimeout(late);
      resolve({
        baseUrl: found[1],
        pid: child.pid,
        stop: async () => {
          child.kill('SIGTERM');
          await gone;
        },
      });
    });
    void gone.then(() => {
      clearTimeout(late);
      reject(personError(`the embedded endpoint for ${cassette} did not start`, { hint: complaints.trim().split('\n').at(-1) ?? '' }));
    });
    // A parent that dies takes its endpoint along: the child watches its standard input no more than its parent's life.
    process.once('exit', () => child.kill('SIGKILL'));
  });
}
