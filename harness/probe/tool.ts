/** Runs a vendor's own tool: without a shell, with limits, ended by its own pid. */
import { spawn, type ChildProcess } from 'node:child_process';

/** Some take seconds to wake a sleeping device. */
const toolMs = 15_000;
const maxOutput = 4 * 1024 * 1024;

export interface ToolAnswer {
  readonly ok: boolean;
  readonly out: string;
  /** Why it is not ok, in a line; empty otherwise. */
  readonly why: string;
}

/** Told of every process that is started and of its end, so that none outlives us. */
export type Children = (pid: number, isAlive: boolean) => void;

let tell: Children = () => {};
let environment: NodeJS.ProcessEnv | null = null;

/** From now on `told` hears of every child of this thread. */
export function tellOfChildren(told: Children): void {
  tell = told;
}

/** What tools see of the environment from now on, instead of all of it. */
export function showTools(variables: NodeJS.ProcessEnv): void {
  environment = variables;
}

/** The environment without what holds a secret by its name, or is named as one. */
export function publicEnvironment(secrets: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/KEY|TOKEN|SECRET|PASSWORD/iu.test(name) && !secrets.includes(name),
    ),
  );
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment ?? process.env,
  });
  const { pid } = child;
  if (pid !== undefined) {
    tell(pid, true);
    child.once('exit', () => tell(pid, false));
  }
  return child;
}

const missing = (error: NodeJS.ErrnoException, command: string): string =>
  error.code === 'ENOENT' ? `there is no ${command} on this machine` : `${command}: ${error.message}`;

/** One run to its end. Never rejects. */
export function runTool(command: string, args: readonly string[], limitMs = toolMs): Promise<ToolAnswer> {
  return new Promise((resolve) => {
    let out = '';
    let complaints = '';
    let why: string | null = null;
    const child = start(command, args);
    const end = (reason: string): void => {
      why ??= reason;
      child.kill('SIGKILL');
    };
    const late = setTimeout(() => end(`${command} did not answer within ${limitMs / 1000} s`), limitMs);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > maxOutput) end(`${command} printed more than 4 MiB`);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(0, 2000);
    });
    child.once('error', (error) => {
      clearTimeout(late);
      resolve({ ok: false, out: '', why: missing(error, command) });
    });
    child.once('close', (code) => {
      clearTimeout(late);
      if (code !== 0) why ??= `${command} ended with ${String(code)}: ${firstLine(complaints || out)}`;
      resolve({ ok: why === null, out, why: why ?? '' });
    });
  });
}

const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').slice(0, 200);

/** A tool that prints until it is ended. */
export interface RunningTool {
  /** null while it runs. */
  readonly ended: () => string | null;
  readonly stop: () => Promise<void>;
}

export function startTool(
  command: string,
  args: readonly string[],
  take: (text: string) => void,
): RunningTool {
  let ended: string | null = null;
  const child = start(command, args);
  child.stdout?.setEncoding('utf8').on('data', take);
  // Read, so that the pipe never fills.
  child.stderr?.resume();
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = missing(error, command);
      resolve();
    });
    child.once('close', (code) => {
      ended ??= `${command} ended with ${String(code)}`;
      resolve();
    });
  });
  return {
    ended: () => ended,
    stop: async () => {
      if (ended !== null) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 2000);
      await gone;
      clearTimeout(force);
    },
  };
}
