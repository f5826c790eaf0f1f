/** The look at each endpoint before the run is spent: what is wrong is said in one line each, and nothing is sent. */
import { formatProblem } from '../errors.ts';
import { hostOf } from '../plan/order.ts';
import { redactRecord } from '../record/redact.ts';
import type { DialectName } from '../run/dialects.ts';
import { preflight, type PreflightProblem } from '../run/preflight.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import type { ProbeOptions } from '../run/server-session.ts';
import type { Cell, Message, Target } from '../types.ts';
import { readAuthority } from './credentials.ts';
import { fitToSay, withoutSecrets, type Keys } from './secrets.ts';
import { printProblems, type Streams } from './streams.ts';
import { safeLine } from './terminal.ts';
import { version } from './version.ts';

export interface Look {
  /** By target id; embedded endpoints and those nobody reached are not in it. */
  readonly facts: ReadonlyMap<string, ServerFacts>;
  readonly errors: number;
  /** For the report: what may spoil the numbers without stopping the run. */
  readonly warnings: readonly string[];
}

/** What a probe of a target needs. The key goes to the target's own origin and nowhere else. */
export function probeOptions(target: Target, baseUrl: string, keys: Keys): ProbeOptions {
  return {
    target,
    baseUrl,
    apiKey: keys.get(target.id)?.reveal() ?? null,
    ca: readAuthority(target),
    userAgent: `visavis/${version}`,
    direct: hostOf(target) === 'loopback',
    dialect: target.dialect as DialectName | 'auto',
  };
}

/** Looks at every target that is about to be asked, side by side. */
export async function lookAt(
  targets: readonly Target[],
  keys: Keys,
  open: readonly Cell[],
  streams: Streams,
  signal: AbortSignal,
): Promise<Look> {
  const facts = new Map<string, ServerFacts>();
  const problems: (readonly [number, PreflightProblem])[] = [];
  const asked = targets.filter((target) => open.some((cell) => cell.target === target.id));
  await Promise.all(
    asked.map(async (target, at) => {
      if (target.baseUrl === null) return;
      const options = probeOptions(target, target.baseUrl, keys);
      const result = redactRecord(
        await preflight({ ...options, signal, longestPrompt: longestPrompt(open, target) }),
        withoutSecrets,
      );
      if (result.facts !== null) facts.set(target.id, result.facts);
      for (const problem of result.problems)
        problems.push([at, { ...problem, message: safeLine(fitToSay(problem.message), 400) }]);
    }),
  );
  const sorted = problems.toSorted(([a], [b]) => a - b).map(([, problem]) => problem);
  printProblems(streams, sorted);
  const of = (severity: string): PreflightProblem[] =>
    sorted.filter((problem) => problem.severity === severity);
  return { facts, errors: of('error').length, warnings: of('warning').map(formatProblem) };
}

function longestPrompt(open: readonly Cell[], target: Target): readonly Message[] | null {
  const size = (messages: readonly Message[]): number =>
    messages.reduce((sum, { content }) => sum + content.length, 0);
  let longest: readonly Message[] | null = null;
  for (const { target: id, messages } of open) {
    // An image is not text that could be cut.
    if (id !== target.id || messages.some((message) => message.images !== undefined)) continue;
    if (longest === null || size(messages) > size(longest)) longest = messages;
  }
  return longest;
}
