/** `visavis probe`: what a server is and can do, as a table or as JSON. */
import { existsSync } from 'node:fs';
import { exitCode, PersonError, personError } from '../errors.ts';
import { redactRecord } from '../record/redact.ts';
import { describeFacts } from '../run/describe-facts.ts';
import { preflight } from '../run/preflight.ts';
import { loadTargets, parseTargetFlag } from '../suite/targets.ts';
import type { Target } from '../types.ts';
import { accessWarnings, readKeys } from './credentials.ts';
import { probeOptions } from './look.ts';
import { namedByPerson } from './naming.ts';
import { defaultTargets, withKeyVariable } from './prepare.ts';
import { withoutSecrets } from './secrets.ts';
import { openStreams, printProblems } from './streams.ts';
import { plainTable } from './table.ts';
import { safeLine } from './terminal.ts';

export interface ProbeCommandOptions {
  readonly targets: string | null;
  readonly json: boolean;
  readonly color: boolean;
}

/** `named`: the id of a target in the targets file, or `id=URL#MODEL`. */
export async function runProbe(named: string, options: ProbeCommandOptions): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: options.json });
  const target = named.includes('=')
    ? withKeyVariable(parseTargetFlag(named))
    : await fromFile(named, options.targets ?? defaultTargets);
  if (target.baseUrl === null)
    throw personError(`target ${target.id} is an embedded endpoint: there is no server to ask`);
  const keys = readKeys([target], namedByPerson);
  for (const warning of accessWarnings([target], keys))
    streams.warn(streams.paintErr('yellow', `warning ${warning}`));
  const result = redactRecord(
    await preflight({
      ...probeOptions(target, target.baseUrl, keys),
      full: true,
      say: (line) => streams.say(safeLine(line)),
    }),
    withoutSecrets,
  );
  if (options.json)
    streams.printJson({ target: target.id, facts: result.facts, problems: result.problems }, 2);
  else {
    if (result.facts !== null)
      streams.print(plainTable(describeFacts(result.facts).map((row) => row.map((text) => safeLine(text)))));
    printProblems(streams, result.problems);
  }
  return result.problems.some((problem) => problem.severity === 'error') ? exitCode.aborted : exitCode.done;
}

async function fromFile(id: string, file: string): Promise<Target> {
  if (!existsSync(file))
    throw personError(`there is no targets file ${file}`, {
      hint: 'name one with -c, or write the target as id=URL#MODEL',
    });
  const { targets, problems } = await loadTargets(file);
  if (targets === null) throw new PersonError(problems);
  const found = targets.targets.find((target) => target.id === id);
  if (found !== undefined) return found;
  throw personError(`${file} has no target "${id}"`, {
    hint: `there are: ${targets.targets.map((target) => target.id).join(', ')}`,
  });
}
