/**
 * Judges at work beside the main thread. No schema, pattern or text can stall them for good: whoever takes too long or
 * falls is replaced, the check in its hands gets no score, and the next is judged as if nothing had been.
 */
import { availableParallelism } from 'node:os';
import { crashed } from '../../score/score.ts';
import type { CheckSpec, Verdict } from '../../types.ts';
import { packJob, type Advice, type Question, type Report, type Task } from './job.ts';
import { judgeLimits, type JudgeLimits } from './limits.ts';
import { startJudge, type Death, type JudgeThread } from './thread.ts';

export interface Judges {
  /** Threads at most. */
  readonly size: number;
  /** Verdicts on every check of every task, in order, whatever the checks do. */
  readonly judge: (tasks: readonly Task[]) => Promise<Verdict[]>;
  /** What a check says of parameters, or that it could not say within the limits. */
  readonly advise: (question: Question) => Promise<Advice>;
  /** Ends all threads; what is under way is rejected. */
  readonly end: () => Promise<void>;
}

/**
 * After so many checks of one kind on answers of one target were ended for taking too long, the rest of them are not
 * tried: a thousand would take hours. Counted by target, so that no model's answers cost another its scores.
 */
const maxLate = 3;

/** Beside the main thread, which seals and parses meanwhile. */
const defaultSize = Math.max(1, Math.min(4, availableParallelism() - 1));

/** `size`: threads at most; the first is started at once, the others when there is work for them. */
export function openJudges(limits: JudgeLimits = judgeLimits, size = defaultSize): Judges {
  const idle: JudgeThread[] = [startJudge(limits)];
  const all = new Set(idle);
  const waiting: ((thread: JudgeThread) => void)[] = [];
  const lateness = countLate();
  let closed = false;

  const start = (): JudgeThread => {
    const thread = startJudge(limits);
    all.add(thread);
    return thread;
  };
  const take = (): JudgeThread | Promise<JudgeThread> => {
    const thread = idle.pop() ?? (all.size < size ? start() : undefined);
    return thread ?? new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (thread: JudgeThread): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  };
  const run = async (...args: Parameters<JudgeThread['run']>): Promise<Death | null> => {
    if (closed) throw new Error('the threads for checks have been ended');
    const thread = await take();
    const death = await thread.run(...args);
    if (death === null) giveBack(thread);
    else {
      all.delete(thread);
      if (waiting.length > 0 && !closed) giveBack(start());
    }
    return death;
  };

  return {
    size,
    judge: async (tasks) => {
      const steps = tasks.flatMap(({ target, checks }) => checks.map((spec) => ({ target, spec })));
      const verdicts = steps.map(({ target, spec }) => lateness.refusal(target, spec));
      /** Steps at which a thread has fallen once: what came before them may have been the cause. */
      const shaken = new Set<number>();
      for (let next = verdicts.indexOf(null); next !== -1; next = verdicts.indexOf(null)) {
        const first = next;
        const decided = verdicts.findIndex((verdict, at) => at > first && verdict !== null);
        const end = decided === -1 ? steps.length : decided;
        const death = await run(packJob(tasks, first, end), end - first, (report) => {
          const got = report.kind === 'verdicts' ? report.verdicts : [];
          for (const verdict of got) verdicts[next++] = verdict;
          return got.length;
        });
        const fatal = Math.max(next, first + (death?.step ?? 0));
        const step = steps[fatal];
        if (death === null || step === undefined) continue;
        if (death.late || shaken.has(fatal)) verdicts[fatal] = crashed(death.because);
        else shaken.add(fatal);
        if (!death.late) continue;
        lateness.add(step.target, step.spec);
        for (const [at, { target, spec }] of steps.entries()) verdicts[at] ??= lateness.refusal(target, spec);
      }
      return verdicts.map((verdict) => verdict ?? crashed('the check was not run'));
    },
    advise: async (question) => {
      const found: Advice[] = [];
      const ask = (): Promise<Death | null> =>
        run({ kind: 'advise', question }, 1, (report: Report) =>
          report.kind === 'advice' ? found.push(report.advice) : 0,
        );
      let death = await ask();
      // Earlier questions may have filled the memory.
      if (death?.late === false) death = await ask();
      return found[0] ?? { problem: death?.because ?? 'it could not be compiled', warnings: [] };
    },
    end: async () => {
      closed = true;
      await Promise.all([...all].map((thread) => thread.end()));
    },
  };
}

interface Lateness {
  readonly add: (target: string, spec: CheckSpec) => void;
  /** The verdict on a check that is not tried, or null. */
  readonly refusal: (target: string, spec: CheckSpec) => Verdict | null;
}

function countLate(): Lateness {
  const counts = new Map<string, number>();
  const keyOf = (target: string, { type, params }: CheckSpec): string =>
    JSON.stringify([target, type, params]);
  return {
    add: (target, spec) => {
      const key = keyOf(target, spec);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    refusal: (target, spec) =>
      counts.size > 0 && (counts.get(keyOf(target, spec)) ?? 0) >= maxLate
        ? crashed(`not tried: this check took too long on ${maxLate} answers of ${target}`)
        : null,
  };
}
