/** One attempt as the transport sees it: clock points, the response head, and the body as it comes off the socket. */
import type { Clock } from './clock.ts';

export interface BodyReader {
  /** A read from the socket; `at` was taken before anything else was done with it. */
  readonly onData: (bytes: Buffer, at: number) => void;
  readonly onEnd: () => void;
  readonly onBroken: (error: unknown) => void;
}

/** The body of an answer. What comes before a reader is there is kept with its times. */
export class Body {
  private readonly waiting: { readonly bytes: Buffer; readonly at: number }[] = [];
  private reader: BodyReader | null = null;
  private end: { readonly error: unknown } | null = null;
  private readonly giveUp: () => void;

  constructor(giveUp: () => void) {
    this.giveUp = giveUp;
  }

  read(reader: BodyReader): void {
    this.reader = reader;
    for (const { bytes, at } of this.waiting) reader.onData(bytes, at);
    this.waiting.length = 0;
    if (this.end !== null) this.finish(this.end.error);
  }

  /** Gives the connection up; it is never used again. */
  destroy(): void {
    if (this.end === null) this.giveUp();
  }

  push(bytes: Buffer, at: number): void {
    if (this.reader === null) this.waiting.push({ bytes, at });
    else this.reader.onData(bytes, at);
  }

  /** `error` null: a clean end. */
  finish(error: unknown): void {
    this.end = { error };
    if (this.reader === null) return;
    if (error === null) this.reader.onEnd();
    else this.reader.onBroken(error);
  }
}

export interface Wire {
  readonly clock: Clock;
  tCall: number | null;
  t0: number | null;
  tHdr: number | null;
  reusedSocket: boolean | null;
  /** The socket, where it had served before, and the bytes that it had brought until then. */
  socket: { readonly bytesRead: number } | null;
  bytesBefore: number;
  /** It was sent again at once: the server had closed the idle connection. */
  resent: boolean;
  status: number | null;
  /** The few response headers that may be looked at, by lower-case name. */
  headers: ReadonlyMap<string, string>;
  /** The body of a 2xx answer, unread. */
  body: Body | null;
  /** The start of the body of any other answer. */
  errorText: string;
  /** What the socket threw before a response head came. */
  thrown: unknown;
  /** The request as it is under way, for `abort`; set by the transport, null before. */
  call: Call | null;
}

/**
 * What ending a request takes. A function of its own for each request would be the plainer thing to keep here; with one,
 * the engine carried each finished call on to the old generation, a quarter of all that was allocated while asking, and
 * the heap of a run grew to five times what was in use.
 */
export interface Call {
  /** Of the dispatcher, once it has begun. */
  controller: { readonly abort: (reason: Error) => void } | null;
  isGivenUp: boolean;
  readonly reject: (error: Error) => void;
}

export function createWire(clock: Clock): Wire {
  return {
    clock,
    tCall: null,
    t0: null,
    tHdr: null,
    reusedSocket: null,
    socket: null,
    bytesBefore: 0,
    resent: false,
    status: null,
    headers: new Map(),
    body: null,
    errorText: '',
    thrown: null,
    call: null,
  };
}

/** Ends the call wherever it stands. */
export function abort(wire: Wire): void {
  const { call } = wire;
  if (call === null) return;
  call.isGivenUp = true;
  call.controller?.abort(new Error('given up'));
  const error = new Error('given up');
  wire.thrown ??= error;
  call.reject(error);
}
