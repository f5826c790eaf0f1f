/**
 * One target while it is asked: its queue, its breaker, its cool-down, and what is known of its health. Nothing here
 * sends; `execute` does, after `ready`.
 */
import PQueue from 'p-queue';
import type { Ask, Cell, EventName, Failure, Sample, Target } from '../types.ts';
import { defaultOutageMs } from './allowance.ts';
import { Breaker, evidenceOf } from './breaker.ts';
import type { Clock } from './clock.ts';
import { failure } from './failure.ts';
import { Flow } from './flow.ts';
import { RetryBudget } from './retry-budget.ts';
import { waitMs } from './retry.ts';
import { sleep } from './sleep.ts';

/** Faults that are the person's to mend when the very first request meets them, and bad luck later. */
const fatalFirst = new Set([
  'connect-refused',
  'dns',
  'unreachable',
  'timeout-connect',
  'forbidden',
  'bad-request-param',
  'wrong-content-type',
]);
const triesBeforeFirst = 3;
const failuresBeforeFirst = 20;
/** A key that worked and is refused so often in a row was withdrawn. */
const refusalsInARow = 3;
const soundShare = 0.2;
const flowCodes = new Set(['rate-limited', 'overloaded']);
const outOfFiles = 'fd-limit';

export interface EndpointOptions {
  readonly target: Target;
  readonly ask: Ask;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborts every wait. */
  readonly stop: AbortSignal;
  /** A word for people: the endpoint is waited for, or is back. */
  readonly say?: ((text: string) => void) | undefined;
  /** It asked for patience: nothing goes out for so many ms. */
  readonly onCool?: ((ms: number) => void) | undefined;
  /** For the record: it is waited for, or no longer. */
  readonly onEvent?: ((happened: EndpointEvent) => void) | undefined;
}

export interface EndpointEvent {
  readonly event: Extract<EventName, 'breaker-open' | 'breaker-closed' | 'cool-down'>;
  /** How long it lasted or is to last; null: nobody knows yet. */
  readonly ms: number | null;
  readonly because: string;
}

/** A cool-down that is made longer by less is the same one. ms */
const noticed = 1000;

export class Endpoint {
  readonly target: Target;
  readonly ask: Ask;
  readonly queue: PQueue;
  readonly budget = new RetryBudget();
  readonly flow: Flow;
  /** Why this target is asked no more, or null. */
  aborted: Failure | null = null;
  /** Clock of the last sign that somebody answers there; null = never. */
  aliveAt: number | null = null;
  private readonly breaker = new Breaker();
  private readonly options: EndpointOptions;
  private failuresInARow = 0;
  private pressesInARow = 0;
  private refusals = 0;
  private lastFailure: Failure | null = null;
  private reopening: Promise<void> | null = null;

  constructor(options: EndpointOptions) {
    this.options = options;
    this.target = options.target;
    this.ask = options.ask;
    this.flow = new Flow(options.target.concurrency);
    this.queue = new PQueue({ concurrency: options.target.concurrency });
  }

  /** It has answered a question since this start. */
  answered = false;

  /** Resolves when a request may go out; at once in fair weather. Check `aborted` and the stop signal after it. */
  async ready(): Promise<void> {
    const { clock, stop } = this.options;
    while (this.aborted === null && !stop.aborted) {
      if (this.breaker.openSince !== null) {
        this.reopening ??= this.reopen().finally(() => {
          this.reopening = null;
        });
        await this.reopening;
        continue;
      }
      const left = this.flow.coolUntil - clock();
      if (left <= 0) return;
      await sleep(left, stop);
    }
  }

  /** Others are answered, nearly all: what is lost again and again is lost for a reason of its own. */
  get isSound(): boolean {
    return this.breaker.lostShare(this.options.clock()) < soundShare;
  }

  /** Learns from an attempt; `isFirst`: the first one of its cell in this start. True: it was flow control, which costs the cell no attempt. */
  learn(sample: Sample, isFirst: boolean): boolean {
    const now = this.options.clock();
    if (sample.outcome.kind === 'answered') {
      this.answered = true;
      this.aliveAt = now;
      this.failuresInARow = 0;
      this.refusals = 0;
      this.breaker.learn('alive', now);
      this.pressesInARow = 0;
      if (isFirst) this.flow.answered(now, this.queue.pending);
      else this.flow.relieved();
      this.setPace();
      return false;
    }
    const { failure: why } = sample.outcome;
    this.lastFailure = why;
    const evidence = evidenceOf(sample);
    const isAsked = flowCodes.has(why.code) && (why.http === 429 || why.retryAfterMs !== null);
    // Too many open files are our own pressure: fewer at a time need fewer.
    const isFlow = (isAsked || why.code === outOfFiles) && why.remedy === 'retry';
    if (evidence === 'alive') this.aliveAt = now;
    // Pressure is no failure: it has a patience of its own.
    if (isFlow) {
      this.press(why, now);
      return true;
    }
    this.flow.faulted();
    this.failuresInARow += 1;
    if (this.answered) this.breaker.learn(evidence, now);
    this.judge(why);
    return false;
  }

  private setPace(): void {
    if (this.queue.concurrency === this.flow.limit) return;
    this.queue.concurrency = this.flow.limit;
    this.options.say?.(`${this.target.id} is asked ${this.flow.limit} at a time now`);
  }

  private press(why: Failure, now: number): void {
    this.pressesInARow += 1;
    const coolBefore = this.flow.coolUntil;
    this.flow.pressed(
      now,
      waitMs(why.retryAfterMs, this.pressesInARow, this.options.random),
      why.http === 429 || why.code === outOfFiles,
    );
    this.options.onCool?.(this.flow.coolUntil - now);
    const longer = this.flow.coolUntil - Math.max(now, coolBefore);
    if (coolBefore <= now || longer >= noticed)
      this.options.onEvent?.({ event: 'cool-down', ms: longer, because: inCode(why) });
    this.setPace();
    if (!this.flow.outOfPatience(now)) return;
    this.aborted ??=
      why.code === outOfFiles
        ? { ...why, remedy: 'abort' }
        : failure(
            'http-error',
            'rate-limited-long',
            'no answer for 10 minutes under rate limits, run with --resume later',
            { http: why.http, remedy: 'abort' },
          );
  }

  /** Whether this failure ends the target. */
  private judge(why: Failure): void {
    if (why.code === 'auth' && this.answered) {
      this.refusals += 1;
      if (this.refusals >= refusalsInARow) this.aborted ??= why;
      return;
    }
    if (why.remedy === 'abort') this.aborted ??= why;
    if (this.answered) return;
    if (fatalFirst.has(why.code)) {
      const isConnection = why.status === 'connect-failed' || why.status === 'timeout';
      if (!isConnection || this.failuresInARow >= triesBeforeFirst) this.aborted ??= why;
    }
    // An endpoint that never answered since this start is not waited for.
    if (this.failuresInARow >= failuresBeforeFirst)
      this.aborted ??= outage(why, `${failuresBeforeFirst} failures and no answer yet`);
  }

  /**
   * Somebody must have answered since `since`, or the small question must be answered now: else the endpoint is taken
   * for down and waited for. Resolves when a cell that ran out of attempts may be judged by its own next one.
   */
  async proveAlive(since: number): Promise<void> {
    const { clock, stop } = this.options;
    if ((this.aliveAt ?? Number.NEGATIVE_INFINITY) > since || stop.aborted || this.aborted !== null) return;
    if (this.breaker.openSince === null && !(await this.knock())) this.breaker.open(clock());
    await this.ready();
  }

  /** Waits for the endpoint, one small question at a time, for as long as the target allows. */
  private async reopen(): Promise<void> {
    const { clock, stop, say, onEvent } = this.options;
    const since = this.breaker.openSince ?? clock();
    const most = this.target.maxOutageMs ?? defaultOutageMs;
    say?.(`${this.target.id} does not answer; waiting for it`);
    const because = this.lastFailure === null ? '' : inCode(this.lastFailure);
    onEvent?.({ event: 'breaker-open', ms: null, because });
    while (!stop.aborted) {
      await sleep(this.breaker.probeAt - clock(), stop);
      if (stop.aborted) return;
      const ok = await this.knock();
      this.breaker.probed(ok, clock());
      if (ok) {
        say?.(`${this.target.id} answers again`);
        onEvent?.({ event: 'breaker-closed', ms: clock() - since, because: '' });
        return;
      }
      if (clock() - since >= most) {
        this.aborted ??= outage(null, `no answer for ${inWords(clock() - since)}`);
        return;
      }
    }
  }

  /** One token's worth of question, outside the plan and the record. True: somebody at work answered. */
  private async knock(): Promise<boolean> {
    const { clock, stop } = this.options;
    const sample = await this.ask(smallQuestion(this.target), {
      attempt: 1,
      leg: 'knock',
      block: -1,
      turn: '',
      warmup: true,
      tSched: clock(),
      signal: stop,
    });
    if (evidenceOf(sample) !== 'alive') return false;
    this.aliveAt = clock();
    return true;
  }
}

/** The failure as the record names it: what a server wrote is no name. */
const inCode = ({ code, http }: Failure): string => (http === null ? code : `${code}, HTTP ${http}`);

const inWords = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`;

function outage(last: Failure | null, said: string): Failure {
  const message = last === null ? said : `${said}, the last: ${last.message}`;
  return failure('connect-failed', 'outage', message, { http: last?.http ?? null, remedy: 'abort' });
}

/** Names the small question where a cell has its key. */
export const knockKey = 'knock';

export function smallQuestion(target: Target): Cell {
  return {
    key: knockKey,
    suite: '',
    test: '',
    cluster: '',
    language: 'en',
    variant: null,
    target: target.id,
    model: target.model,
    repeat: 1,
    messages: [{ role: 'user', content: 'Hi' }],
    request: { max_tokens: 1, temperature: 0 },
    checks: [],
    metadata: {},
    observe: true,
  };
}
