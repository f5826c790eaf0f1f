/** What people type. Parsing is kept apart from doing: the commands are handed in, so it is tested without running. */
import { existsSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { exitCode, personError } from '../errors.ts';
import type { Durability } from '../record/journal.ts';
import { parseShard } from '../plan/shard.ts';
import { didYouMean } from '../suite/suggest.ts';
import type { Pace } from '../replay/paced.ts';
import type { Shard } from '../types.ts';
import type { CompareOptions } from './compare.ts';
import type { EvalOptions } from './eval.ts';
import type { MergeOptions } from './merge.ts';
import type { ProbeCommandOptions } from './probe.ts';
import type { QueueWords } from './queue-address.ts';
import type { SelftestOptions } from './selftest.ts';
import { version } from './version.ts';
import type { WorkOptions } from './work.ts';

/** Every command resolves to an exit code. Loaded when called: `visavis replay` must not carry the whole house. */
export interface Commands {
  readonly eval: (suites: readonly string[], options: EvalOptions, program: string) => Promise<number>;
  readonly work: (suites: readonly string[], options: WorkOptions, program: string) => Promise<number>;
  readonly validate: (
    suites: readonly string[],
    options: { targets: string | null; color: boolean; json: boolean },
  ) => Promise<number>;
  readonly score: (run: string, options: RawScore) => Promise<number>;
  readonly report: (run: string, options: RawScore) => Promise<number>;
  readonly merge: (runs: readonly string[], options: MergeOptions) => Promise<number>;
  readonly compare: (before: string, after: string, options: CompareOptions) => Promise<number>;
  readonly replay: (cassette: string, options: { port: number }) => Promise<number>;
  readonly schema: () => Promise<number>;
  readonly probe: (target: string, options: ProbeCommandOptions) => Promise<number>;
  readonly paced: (pace: Pace, port: number) => Promise<number>;
  readonly selftest: (options: SelftestOptions, program: string) => Promise<number>;
}

const commands: Commands = {
  eval: async (...args) => (await import('./eval.ts')).runEval(...args),
  work: async (...args) => (await import('./work.ts')).runWork(...args),
  validate: async (...args) => (await import('./validate.ts')).runValidate(...args),
  score: async (...args) => (await import('./derived.ts')).runScore(...args),
  report: async (...args) => (await import('./derived.ts')).runReport(...args),
  merge: async (...args) => (await import('./merge.ts')).runMerge(...args),
  compare: async (...args) => (await import('./compare.ts')).runCompare(...args),
  replay: async (...args) => (await import('./replay.ts')).runReplay(...args),
  schema: async () => (await import('./schema.ts')).runSchema(),
  probe: async (...args) => (await import('./probe.ts')).runProbe(...args),
  paced: async (...args) => (await import('./paced.ts')).runPaced(...args),
  selftest: async (...args) => (await import('./selftest.ts')).runSelftest(...args),
};

/** Parses and runs. `argv` is without node and program; `program` is the file to start for the embedded endpoint. */
export async function runCommandLine(
  argv: readonly string[],
  program: string,
  handlers: Commands = commands,
): Promise<number> {
  let result: Promise<number> = Promise.resolve(exitCode.done);
  const cli = new Command('visavis')
    .description(
      'Asks two or more language models the same questions in many languages and says which one to take.',
    )
    .version(version)
    .showHelpAfterError('(run with --help for the options)')
    .exitOverride();

  withChoice(cli.command('eval', { isDefault: true }))
    .description('ask, score, report')
    .option('-o, --output <dir>', 'where the run folders go', 'reports')
    .option('-j, --concurrency <n>', 'requests in flight per target', wholeNumber(1, 1024))
    .option('--seed <n>', 'order of the targets, resampling', wholeNumber(0, 2 ** 31 - 1))
    .option('--shard <i/n>', 'ask only this part of the plan, such as 2/4', shard)
    .addOption(new Option('--resume [run]', 'go on with a run: ask only what is missing').preset(true))
    .option('--gate <expression|file>', 'a claim that the run must bear out, or exit 1; repeatable', collect)
    .option('--baseline <run>', 'an earlier run to compare this one with')
    .option('--retry-errors', 'with --resume: ask again what failed for good')
    .option('--no-preflight', 'do not look at the endpoints first')
    .option('--speed', 'load the servers too, and measure how fast they are under it')
    .option('--aa', 'ask the baseline twice and nobody else: how large is noise?')
    .option('--queue <url>', 'let workers ask, over Redis or Valkey: redis://host:6379')
    .option('--queue-env <name>', 'the same, with the address in a variable')
    .option('--clients <n>', 'with --queue and --speed: so many workers hold the load', wholeNumber(1, 1024))
    .option('--dry-run', 'show the plan and the first prompts; no network')
    .option('--grace <s>', 'seconds for calls in flight after an interrupt', wholeNumber(0, 3600), 5)
    .addOption(durability())
    .option('--force-unlock', 'take a run folder over from a process that is silent for a minute')
    .option('--quiet', 'no progress')
    .option('--json', 'print one JSON document instead of the table')
    .option('--no-color', 'no colours')
    .action((suites: string[], options: RawEval) => {
      refuseStrayWord(
        suites,
        cli.commands.map((command) => command.name()),
      );
      result = handlers.eval(suites, evalOptions(options), program);
    });

  withChoice(cli.command('work'))
    .description('ask for a run that is made elsewhere with --queue; give the words that chose its questions')
    .option('--queue <url>', 'where the questions are: redis://host:6379')
    .option('--queue-env <name>', 'the same, with the address in a variable')
    .option('--run <id>', 'this run and no other')
    .option('-o, --output <dir>', 'where its own run folders go', 'reports/workers')
    .option('-j, --concurrency <n>', 'requests in flight per target, of this worker', wholeNumber(1, 1024))
    .option('--aa', 'as its run was started with')
    .option('--no-preflight', 'do not look at the endpoints first')
    .option('--wait <s>', 'seconds to stay without a run', wholeNumber(0, 7 * 86_400), 600)
    .option('--grace <s>', 'seconds for calls in flight after an interrupt', wholeNumber(0, 3600), 5)
    .addOption(durability())
    .option('--quiet', 'no remarks')
    .option('--no-color', 'no colours')
    .action((suites: string[], options: RawWork) => {
      result = handlers.work(suites, workOptions(options), program);
    });

  cli
    .command('validate')
    .description('check suites and targets; no network')
    .argument('[suites...]', 'suite files or folders (default: suites)')
    .option('-c, --targets <file>', 'check this targets file too')
    .option('--json', 'print the problems as JSON')
    .option('--no-color', 'no colours')
    .action((suites: string[], options: { targets?: string; color: boolean; json?: boolean }) => {
      result = handlers.validate(suites, {
        targets: options.targets ?? null,
        color: options.color,
        json: options.json === true,
      });
    });

  for (const [name, description] of [
    ['score', 'score a saved run again, offline, and make its report'],
    ['report', 'make the report of a saved run again, offline'],
  ] as const) {
    cli
      .command(name)
      .description(description)
      .argument('<run>', 'a run folder, its name, or "latest"')
      .option('-o, --output <dir>', 'where the run folders are', 'reports')
      .option('--no-csv-bom', 'rows.csv without a byte order mark, for scripts')
      .option('--no-color', 'no colours')
      .action((run: string, options: RawScore) => {
        result = handlers[name](run, options);
      });
  }

  cli
    .command('merge')
    .description('put the shards of one run together, offline, and make its report')
    .argument('<runs...>', 'run folders or their names')
    .option('-o, --output <dir>', 'where the new run folder goes', 'reports')
    .option('--json', 'print one JSON document instead of the table')
    .option('--no-color', 'no colours')
    .action((runs: string[], options: { output: string; json?: boolean; color: boolean }) => {
      const { output, color } = options;
      result = handlers.merge(runs, { output, color, json: options.json === true });
    });

  cli
    .command('compare')
    .description('say what changed between two saved runs, offline')
    .argument('<earlier>', 'a run folder, its name, or "latest"')
    .argument('<later>', 'a run folder, its name, or "latest"')
    .option('-o, --output <dir>', 'where the run folders are', 'reports')
    .option('--gate <expression|file>', 'a claim that must hold, or exit 1; repeatable', collect)
    .addOption(new Option('--json', 'print one JSON document').conflicts('markdown'))
    .option('--markdown', 'print Markdown')
    .option('--no-color', 'no colours')
    .action(
      (
        earlier: string,
        later: string,
        raw: { output: string; gate?: string[]; json?: boolean; markdown?: boolean; color: boolean },
      ) => {
        result = handlers.compare(earlier, later, {
          output: raw.output,
          gates: raw.gate ?? [],
          form: raw.json === true ? 'json' : raw.markdown === true ? 'markdown' : 'table',
          color: raw.color,
        });
      },
    );

  cli
    .command('replay')
    .description('serve a cassette as an OpenAI-compatible endpoint on 127.0.0.1')
    .argument('<cassette>', 'a .cassette.jsonl file')
    .option('--port <n>', '0 takes a free one', wholeNumber(0, 65_535), 0)
    .action((cassette: string, options: { port: number }) => {
      result = handlers.replay(cassette, options);
    });

  cli
    .command('probe')
    .description('say what a server is and can do')
    .argument('<target>', 'an id of the targets file, or id=URL#MODEL')
    .option('-c, --targets <file>', 'the targets file (default: suites/targets.yaml)')
    .option('--json', 'print what was found as JSON')
    .option('--no-color', 'no colours')
    .action((target: string, options: { targets?: string; json?: boolean; color: boolean }) => {
      result = handlers.probe(target, {
        targets: options.targets ?? null,
        json: options.json === true,
        color: options.color,
      });
    });

  cli
    .command('selftest')
    .description('what this client adds to the times it measures, here and now')
    .addOption(
      new Option('-j, --concurrency <list>', 'streams at once, levels separated by commas')
        .argParser(levels)
        .default([1, 8, 32, 64], '1,8,32,64'),
    )
    .option('--json', 'print the figures as JSON')
    .option('--no-color', 'no colours')
    .action((options: { concurrency: number[]; json?: boolean; color: boolean }) => {
      result = handlers.selftest(
        { levels: options.concurrency, json: options.json === true, color: options.color },
        program,
      );
    });

  cli
    .command('paced', { hidden: true })
    .description('a server of known pace, for measuring the client')
    .option('--first <ms>', 'to the first token', wholeNumber(0, 60_000), 30)
    .option('--rate <n>', 'tokens per second after it', wholeNumber(1, 10_000), 50)
    .option('--port <n>', '0 takes a free one', wholeNumber(0, 65_535), 0)
    .action((options: { first: number; rate: number; port: number }) => {
      result = handlers.paced({ firstMs: options.first, tokensPerSecond: options.rate }, options.port);
    });

  cli
    .command('schema')
    .description('print the JSON Schema of suites, for editors')
    .action(() => {
      result = handlers.schema();
    });

  try {
    cli.parse(argv as string[], { from: 'user' });
  } catch (error) {
    // The library has printed what it has to say: help and version are fine, anything else is a wrong word.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.invalid;
    throw error;
  }
  return result;
}

/** `eval` may be left out, so a misspelt command looks like a suite. */
function refuseStrayWord(suites: readonly string[], commandNames: readonly string[]): void {
  const stray = suites.find((word) => /^[a-z]+$/u.test(word) && !existsSync(word));
  if (stray === undefined) return;
  throw personError(`there is no command and no suite "${stray}"`, {
    hint: didYouMean(stray, commandNames) ?? 'run with --help for the commands',
  });
}

interface RawScore {
  output: string;
  csvBom: boolean;
  color: boolean;
}

function durability(): Option {
  return new Option('--durability <how>', 'when an answer counts: handed to the system, or on the disk')
    .choices(['balanced', 'strict'])
    .default('balanced');
}

/** The words that decide which questions are asked, and whom: a worker takes the same. */
function withChoice(command: Command): Command {
  return command
    .argument('[suites...]', 'suite files or folders (default: suites)')
    .option('-c, --targets <file>', 'who is asked (default: suites/targets.yaml)')
    .option('--target <id=URL#MODEL>', 'a target, instead of the file; repeatable', collect)
    .option('--repeat <n>', 'ask everything n times', wholeNumber(1, 100))
    .option('--languages <list>', 'only these, separated by commas', list)
    .option('--filter-tests <regex>', 'only tests whose suite/id matches')
    .option('--limit <n>', 'only the first n tests of each suite', wholeNumber(1, 1_000_000));
}

interface RawChoice {
  targets?: string;
  target?: string[];
  concurrency?: number;
  repeat?: number;
  languages?: string[];
  filterTests?: string;
  limit?: number;
  aa?: boolean;
  queue?: string;
  queueEnv?: string;
}

interface RawWork extends RawChoice {
  output: string;
  run?: string;
  preflight: boolean;
  wait: number;
  grace: number;
  durability: Durability;
  quiet?: boolean;
  color: boolean;
}

interface RawEval extends RawChoice {
  output: string;
  seed?: number;
  shard?: Shard;
  resume?: string | true;
  retryErrors?: boolean;
  gate?: string[];
  baseline?: string;
  speed?: boolean;
  clients?: number;
  dryRun?: boolean;
  preflight: boolean;
  grace: number;
  durability: Durability;
  forceUnlock?: boolean;
  quiet?: boolean;
  json?: boolean;
  color: boolean;
}

function choiceOf(
  raw: RawChoice,
): Pick<
  WorkOptions,
  'targetsFile' | 'targetFlags' | 'concurrency' | 'repeat' | 'languages' | 'filterTests' | 'limit'
> & { readonly aa: boolean } {
  return {
    targetsFile: raw.targets ?? null,
    targetFlags: raw.target ?? [],
    concurrency: raw.concurrency ?? null,
    repeat: raw.repeat ?? null,
    languages: raw.languages ?? null,
    filterTests: raw.filterTests ?? null,
    limit: raw.limit ?? null,
    aa: raw.aa === true,
  };
}

const queueOf = ({ queue, queueEnv }: RawChoice): QueueWords => ({
  url: queue ?? null,
  variable: queueEnv ?? null,
});

function workOptions(raw: RawWork): WorkOptions {
  return {
    ...choiceOf(raw),
    queue: queueOf(raw),
    run: raw.run ?? null,
    output: raw.output,
    preflight: raw.preflight,
    graceMs: raw.grace * 1000,
    durability: raw.durability,
    waitMs: raw.wait * 1000,
    quiet: raw.quiet === true,
    color: raw.color,
  };
}

function evalOptions(raw: RawEval): EvalOptions {
  return {
    ...choiceOf(raw),
    output: raw.output,
    seed: raw.seed ?? null,
    shard: raw.shard ?? null,
    resume: raw.resume === undefined ? null : raw.resume === true ? '' : raw.resume,
    retryErrors: raw.retryErrors === true,
    gates: raw.gate ?? [],
    baseline: raw.baseline ?? null,
    speed: raw.speed === true,
    clients: raw.clients ?? null,
    queue: raw.queue === undefined && raw.queueEnv === undefined ? null : queueOf(raw),
    dryRun: raw.dryRun === true,
    preflight: raw.preflight,
    graceMs: raw.grace * 1000,
    durability: raw.durability,
    forceUnlock: raw.forceUnlock === true,
    quiet: raw.quiet === true,
    json: raw.json === true,
    color: raw.color,
  };
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Ascending, each once. */
function levels(text: string): number[] {
  return [...new Set(list(text).map(wholeNumber(1, 1024)))].toSorted((a, b) => a - b);
}

function shard(text: string): Shard {
  const parsed = parseShard(text);
  if (typeof parsed === 'string') throw new InvalidArgumentError(parsed);
  return parsed;
}

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/u.test(text) || value < low || value > high)
      throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}`);
    return value;
  };
}
