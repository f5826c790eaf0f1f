/** Reads a 2xx body, whatever its head says it is, and decides what became of the attempt. */
import type { Failure, Outcome } from '../types.ts';
import type { Allowance } from './allowance.ts';
import { acceptEvent, type AnswerState } from './answer.ts';
import type { Clock } from './clock.ts';
import { readEvents } from './events.ts';
import { failure, fromHttp, fromSocket, fromStop } from './failure.ts';
import { isPlain } from './inflate.ts';
import { decide } from './outcome.ts';
import { readBody, type BodyEnd } from './read-body.ts';
import type { Wire } from './wire.ts';

/** What an attempt gathers on its way. */
export interface Reception {
  readonly wire: Wire;
  readonly state: AnswerState;
  /** Socket reads that held output, and the gaps between them. */
  reads: number;
  readonly iclMs: number[];
  tDone: number | null;
  /** Sees each JSON value as it comes: a probe looks at the shape, a run does not. */
  readonly onValue?: (value: unknown) => void;
}

/** What a body turned out to be: a stream, one object, or a page for people. */
type Kind = 'events' | 'json' | 'page';

/** What judging an attempt needs besides what it gathered. */
export interface Judging {
  readonly clock: Clock;
  readonly allowance: Allowance;
  /** Ends the attempt. */
  readonly cut: AbortSignal;
  /** The response head did not come in time. */
  readonly gaveUp: boolean;
  readonly baseUrl: string;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
}

/** What became of an attempt whose request has returned or failed; reads the body where there is one. */
export async function outcomeOf(reception: Reception, judging: Judging): Promise<Outcome> {
  const { wire, state } = reception;
  const { allowance, cut } = judging;
  const { timeouts } = allowance;
  const failed = (why: Failure): Outcome => ({ kind: 'failed', failure: why, partial: state.text });
  if (cut.aborted) return failed(failure('cancelled', 'cancelled', 'stopped by us'));
  if (wire.status === null) {
    if (judging.gaveUp)
      return failed(
        fromStop(timeouts.totalMs < timeouts.firstContentMs ? 'timeout-total' : 'timeout-first', null),
      );
    return failed(fromSocket(wire.thrown, new URL(judging.baseUrl).host));
  }
  if (wire.body === null)
    return failed(
      fromHttp(wire.status, wire.headers, wire.errorText, judging.now(), allowance.maxRetryAfterMs),
    );
  return receive(reception, judging);
}

export async function receive(
  reception: Reception,
  { clock, allowance, cut }: Pick<Judging, 'clock' | 'allowance' | 'cut'>,
): Promise<Outcome> {
  const { wire, state } = reception;
  if (wire.body === null || wire.status === null) throw new Error('receive() without a body');
  const type = wire.headers.get('content-type') ?? '';
  const failed = (why: Failure): Outcome => ({ kind: 'failed', failure: why, partial: state.text });
  if (type.includes('html')) {
    wire.body.destroy();
    return failed(webPage(wire.status));
  }
  const encoding = wire.headers.get('content-encoding');
  const compressed = encoding !== undefined && !isPlain(encoding);
  if (compressed) state.flags.add('compressed');
  let badEvent: string | null = null;
  let tooLarge: 'event' | 'answer' | null = null;
  let anyByte = false;
  let readAt = 0;
  let readOutput = false;
  let lastOutputRead: number | null = null;
  let kind: Kind | null = null;
  const whole: Buffer[] = [];
  let held = 0;
  const events = readEvents(
    {
      onJson: (value) => {
        reception.onValue?.(value);
        if (acceptEvent(state, value, readAt)) readOutput = true;
      },
      onDone: () => {
        state.done = true;
      },
      onErrorField: (value) => {
        if (state.finishRaw === null && !state.done) state.error ??= innerError(value);
        else state.flags.add('odd-event');
      },
      onOdd: (what, data) => {
        const isOpen = state.finishRaw === null && !state.done;
        if (!isOpen || what === 'empty') state.flags.add('odd-event');
        // A compressed event without end is a compressed body without end.
        else if (what === 'large') tooLarge = compressed ? 'answer' : 'event';
        else if (what === 'many') tooLarge = 'answer';
        else if (what === 'bad') badEvent ??= data.slice(0, 120);
      },
    },
    allowance.limits,
  );
  const end: BodyEnd = await readBody(wire.body, clock, wire.t0 ?? wire.tCall ?? 0, allowance, {
    onRead: (bytes, at) => {
      anyByte = true;
      readAt = at;
      readOutput = false;
      if (kind === null) {
        // The head may be wrong about it; nothing but white space tells nothing yet.
        whole.push(bytes);
        kind = kindOf(whole.length === 1 ? bytes : Buffer.concat(whole));
        if (kind === 'events') for (const part of whole.splice(0)) events.feed(part);
      } else if (kind === 'events') events.feed(bytes);
      else {
        whole.push(bytes);
        held += bytes.length;
        if (held > allowance.limits.objectBytes) tooLarge = 'answer';
      }
      if (readOutput) {
        reception.reads += 1;
        if (lastOutputRead !== null) reception.iclMs.push(at - lastOutputRead);
        lastOutputRead = at;
      }
      return readOutput || kind === 'json';
    },
    finished: () => state.finishRaw !== null || state.error !== null || badEvent !== null,
    closed: () => state.done || tooLarge !== null || kind === 'page',
  });
  readAt = clock();
  reception.tDone = readAt;
  const read = kind as Kind | null;
  if (cut.aborted) return failed(failure('cancelled', 'cancelled', 'stopped by us'));
  if (read === 'page') return failed(webPage(wire.status));
  if (read === 'json') {
    state.flags.add('not-streamed');
    // One object is complete by the length that its head promised, not by its last brace.
    if (end.kind === 'end') readWhole(reception, Buffer.concat(whole), readAt);
  } else events.end();
  if (read !== null && !type.includes(read === 'json' ? 'json' : 'event-stream'))
    state.flags.add('content-type');
  return decide(state, end, { badEvent, tooLarge, anyByte }, { http: wire.status, ...allowance });
}

function webPage(http: number): Failure {
  return failure(
    'protocol',
    'wrong-content-type',
    'the server sent a web page: is this the address of the API, with /v1?',
    { http },
  );
}

const byteOrderMark = [0xef, 0xbb, 0xbf];
const openBrace = 0x7b;
const openAngle = 0x3c;

/** Judged by the first byte that is neither white space nor part of a byte order mark; null while there is none. */
function kindOf(bytes: Buffer): Kind | null {
  let at = 0;
  while (at < byteOrderMark.length && bytes[at] === byteOrderMark[at]) at += 1;
  // A mark that is cut in two.
  if (at === bytes.length && at < byteOrderMark.length) return null;
  if (at !== byteOrderMark.length) at = 0;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === openBrace) return 'json';
    if (byte === openAngle) return 'page';
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return 'events';
  }
  return null;
}

/** A plain JSON answer to a request for a stream: taken, flagged, and without a time to first token. */
function readWhole({ state, onValue }: Reception, body: Buffer, at: number): void {
  try {
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\uFEFF/u, ''));
    onValue?.(value);
    acceptEvent(state, value, at);
    state.flags.delete('message-in-stream');
  } catch {
    // A body cut in two: no finish reason was seen, so this is a truncated answer.
  }
  state.tOut1 = null;
  state.tAns1 = null;
  state.tEvt1 = null;
}

/** The error of an `error:` line or an `event: error`, as an object where it is one. */
function innerError(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const inner =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['error'] : undefined;
  return inner ?? value ?? text;
}
