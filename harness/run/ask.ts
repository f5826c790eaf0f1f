/**
 * One call: a cell goes out, a sample comes back. The `openai` package builds the request; the answer is read by us,
 * because the package reports cut and foreign answers as normal ends.
 */
import OpenAI from 'openai';
import type { AttemptContext, Cell, JsonObject, Outcome, Sample, Target, Timing } from '../types.ts';
import { allowanceOf } from './allowance.ts';
import { apiMessages } from './api-messages.ts';
import { emptyAnswer } from './answer.ts';
import { toRecord, type Clock } from './clock.ts';
import { failure } from './failure.ts';
import { flagAgainstRequest } from './outcome.ts';
import { outcomeOf, type Reception } from './receive.ts';
import { createTransport, wireKey, type Transport } from './transport.ts';
import { usageOf } from './usage.ts';
import { abort, createWire, type Wire } from './wire.ts';

export interface AskOptions {
  readonly target: Target;
  /** `http(s)://host:port/v1` */
  readonly baseUrl: string;
  /** The key itself; null for none. */
  readonly apiKey: string | null;
  /** Authorities trusted beside the usual ones, PEM; null or absent: none. */
  readonly ca?: string | null;
  /** Data URLs of the images in the plan, by SHA-256. */
  readonly images?: Readonly<Record<string, string>>;
  /** Sent as `stream_options`; null: nothing, for a server that refuses the field. Default: usage at the end. */
  readonly streamOptions?: JsonObject | null;
  readonly clock: Clock;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** `visavis/<version>` */
  readonly userAgent: string;
  readonly direct: boolean;
}

export interface Asker {
  readonly ask: (cell: Cell, context: AttemptContext) => Promise<Sample>;
  readonly close: () => Promise<void>;
}

interface Attempt extends Reception {
  outcome: Outcome;
}

const noHeaders = new Headers();

/**
 * The package without its headers and its timer: the transport sends its own headers and alone holds the key, and the
 * deadlines stand in read-body. Headers that nobody reads were an eighth of a call, a second timer and its signal three
 * hundredths.
 */
class BareClient extends OpenAI {
  private readonly transport: Transport;

  constructor(baseURL: string, transport: Transport) {
    super({
      baseURL,
      apiKey: 'none',
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: 'off',
      fetch: transport.fetch,
    });
    this.transport = transport;
  }

  override fetchWithTimeout(
    url: Parameters<OpenAI['fetchWithTimeout']>[0],
    init: RequestInit | undefined,
  ): Promise<Response> {
    return this.transport.fetch(url, init);
  }

  override async buildRequest(
    options: Parameters<OpenAI['buildRequest']>[0],
  ): ReturnType<OpenAI['buildRequest']> {
    const req = {
      method: 'POST',
      body: JSON.stringify(options.body),
      headers: noHeaders,
      ...options.fetchOptions,
    };
    return {
      req: req as RequestInit & { headers: Headers },
      url: `${this.baseURL}${options.path}`,
      timeout: this.timeout,
    };
  }
}

/** A client for one target, with a connection pool of its own. */
export function createAsker(options: AskOptions): Asker {
  const { target, clock } = options;
  const asked = options.streamOptions === undefined ? { include_usage: true } : options.streamOptions;
  const streamOptions = asked === null ? {} : { stream_options: asked };
  const allowance = allowanceOf(target);
  const transport = createTransport({
    connections: target.concurrency,
    connectMs: target.timeouts.connectMs,
    userAgent: options.userAgent,
    authorization: options.apiKey === null ? null : `Bearer ${options.apiKey}`,
    direct: options.direct,
    errorBodyMs: target.timeouts.tailMs,
    headerBytes: allowance.limits.headerBytes,
    reach: { ca: options.ca ?? null, allowLinkLocal: target.allowLinkLocal ?? false },
  });
  const client = new BareClient(options.baseUrl, transport);

  const ask = async (cell: Cell, context: AttemptContext): Promise<Sample> => {
    const wire = createWire(clock);
    inFlight(context.signal).add(wire);
    let late = false;
    const attempt: Attempt = {
      wire,
      state: emptyAnswer(),
      reads: 0,
      tDone: null,
      iclMs: [],
      outcome: { kind: 'failed', failure: failure('cancelled', 'cancelled', 'not finished'), partial: '' },
    };
    const { firstContentMs, totalMs } = target.timeouts;
    const deadline = setTimeout(
      () => {
        late = true;
        abort(wire);
      },
      Math.min(firstContentMs, totalMs),
    );
    try {
      await client.chat.completions
        .create(
          {
            ...cell.request,
            model: cell.model,
            messages: apiMessages(cell.messages, options.images ?? {}),
            stream: true,
            ...streamOptions,
          } as unknown as OpenAI.ChatCompletionCreateParamsStreaming,
          { fetchOptions: { [wireKey]: wire } as object },
        )
        .asResponse();
    } catch (error) {
      // Everything the transport met stands in the wire; only a request that could not be built is thrown on.
      if (wire.tCall === null) {
        inFlight(context.signal).delete(wire);
        throw error;
      }
    } finally {
      clearTimeout(deadline);
    }
    attempt.outcome = await outcomeOf(attempt, {
      clock,
      allowance,
      cut: context.signal,
      gaveUp: late,
      baseUrl: options.baseUrl,
      now: options.now,
    });
    inFlight(context.signal).delete(wire);
    attempt.tDone ??= wire.body === null ? null : clock();
    return toSample(attempt, cell, context);
  };

  const inFlight = wiresByCut();

  const toSample = (attempt: Attempt, cell: Cell, context: AttemptContext): Sample => {
    const { wire, state, outcome } = attempt;
    if (outcome.kind === 'answered') flagAgainstRequest(state, limitOf(cell), cell.model, cell.request);
    if (wire.resent) state.flags.add('keepalive-race');
    const answer = state.text.normalize('NFC');
    return {
      v: 1,
      cell: cell.key,
      suite: cell.suite,
      test: cell.test,
      language: cell.language,
      variant: cell.variant,
      target: cell.target,
      repeat: cell.repeat,
      attempt: context.attempt,
      leg: context.leg,
      phase: context.phase ?? 'quality',
      warmup: context.warmup,
      concurrency: context.concurrency ?? target.concurrency,
      block: context.block,
      turn: context.turn,
      status: outcome.kind === 'answered' ? 'ok' : outcome.failure.status,
      http: wire.status,
      timing: timingOf(attempt, context),
      chunks: state.chunks,
      reads: attempt.reads,
      iclMs: attempt.iclMs.map((ms) => toRecord(ms) ?? 0),
      usage: usageOf(state),
      answerChars: countCodePoints(answer),
      reasoningChars: countCodePoints(state.reasoning.normalize('NFC')),
      bytes: Buffer.byteLength(
        state.text + state.reasoning + state.toolCalls.map((call) => call.arguments).join(''),
      ),
      finishRaw: state.finishRaw,
      flags: [...state.flags].toSorted(),
      reusedSocket: wire.reusedSocket,
      modelEcho: state.modelEcho,
      outcome,
      endedAt: options.now(),
    };
  };

  return { ask, close: transport.close };
}

/** The attempts that end together when the run is cut. */
function wiresByCut(): (cut: AbortSignal) => InFlight {
  const known = new WeakMap<AbortSignal, InFlight>();
  return (cut) => {
    let wires = known.get(cut);
    if (wires === undefined) {
      wires = new InFlight();
      known.set(cut, wires);
      const open = wires;
      // One listener for all of them: `AbortSignal.any` for each attempt costs a twentieth of it.
      cut.addEventListener('abort', () => open.giveUp(), { once: true });
    }
    return wires;
  };
}

/**
 * Calls that are ended together. No `Set`: one that is filled and emptied all the time leaves its tables behind it, each
 * with the calls of its time and a link to the next, and from the first that is in the old generation all are kept until
 * that is collected.
 */
class InFlight {
  private readonly wires: Wire[] = [];

  add(wire: Wire): void {
    this.wires.push(wire);
  }

  delete(wire: Wire): void {
    const at = this.wires.indexOf(wire);
    if (at === -1) return;
    const last = this.wires.pop();
    if (last !== undefined && at < this.wires.length) this.wires[at] = last;
  }

  giveUp(): void {
    // A copy: an end that is heard at once takes its call out of the list.
    for (const wire of this.wires.slice()) {
      abort(wire);
      wire.body?.destroy();
    }
  }
}

const fewReads = 2;

function timingOf({ wire, state, reads, tDone, outcome }: Attempt, context: AttemptContext): Timing {
  const { tEvt1, tOut1, tAns1, tLast } = state;
  // One event with the whole text, or a burst in a read or two at the end: a proxy held the stream back, the first token's
  // time is lost. Many reads are a stream, however short it is beside the wait before it.
  const sent = wire.t0 ?? wire.tCall;
  if (outcome.kind === 'answered' && tOut1 !== null && tLast !== null && sent !== null && tLast > sent) {
    const { completion, reasoning } = usageOf(state);
    // Reasoning that was counted and never sent came in no event.
    const tokens = (completion ?? 0) - (state.reasoning === '' ? (reasoning ?? 0) : 0);
    if (tokens > 8 && (state.chunks === 1 || (reads <= fewReads && tLast - tOut1 < 0.02 * (tLast - sent))))
      state.flags.add('fake-stream');
  }
  return {
    tSched: toRecord(context.tSched),
    tCall: toRecord(wire.tCall),
    t0: toRecord(wire.t0),
    tHdr: toRecord(wire.tHdr),
    tEvt1: toRecord(tEvt1),
    tOut1: toRecord(tOut1),
    tAns1: toRecord(tAns1),
    tLast: toRecord(tLast),
    tDone: toRecord(tDone),
  };
}

function limitOf(cell: Cell): number | null {
  const limit = cell.request['max_tokens'] ?? cell.request['max_completion_tokens'];
  return typeof limit === 'number' ? limit : null;
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
