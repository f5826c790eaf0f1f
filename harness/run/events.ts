/** Server-sent events: bytes in, JSON values out, whatever way the bytes were cut. */
import { StringDecoder } from 'node:string_decoder';
import { createParser, type ParseError } from 'eventsource-parser';
import type { Limits } from '../types.ts';
import { defaultLimits } from './allowance.ts';

export interface EventSink {
  readonly onJson: (value: unknown) => void;
  readonly onDone: () => void;
  /** A line `error: ...`, which some servers send in place of an event, or the data of an `event: error`. */
  readonly onErrorField: (value: string) => void;
  /**
   * `empty`: an event without data. `bad`: data that is not JSON. `cut`: the same where the body ended before the event
   * did. `large`: an event over the cap, `many`: too many of them; nothing is read after these two.
   */
  readonly onOdd: (what: 'empty' | 'bad' | 'cut' | 'large' | 'many', data: string) => void;
}

export interface EventReader {
  readonly feed: (bytes: Buffer) => void;
  /** The body ended: what lacks only its blank line still counts if it parses. */
  readonly end: () => void;
}

/** An event is measured in UTF-16 units, which are no more than its bytes. */
export function readEvents(
  sink: EventSink,
  limits: Pick<Limits, 'eventBytes' | 'events'> = defaultLimits,
): EventReader {
  // Half the cost of a TextDecoder on pieces this small; bytes that are no UTF-8 become U+FFFD in both.
  const decoder = new StringDecoder('utf8');
  let isOver = false;
  let isEnding = false;
  let isStart = true;
  let count = 0;
  const giveUp = (what: 'large' | 'many'): void => {
    if (!isOver) sink.onOdd(what, '');
    isOver = true;
  };
  const parser = createParser({
    maxBufferSize: limits.eventBytes + longestField,
    onEvent: ({ data, event }) => {
      if (isOver) return;
      count += 1;
      if (count > limits.events) return giveUp('many');
      if (data.length > limits.eventBytes) return giveUp('large');
      const text = data.trim();
      if (event === 'error') sink.onErrorField(text);
      else if (text === '') sink.onOdd('empty', '');
      else if (text === '[DONE]') sink.onDone();
      else takeJson(text, sink, isEnding);
      return undefined;
    },
    onError: (error: ParseError) => {
      if (error.type === 'unknown-field' && error.field === 'error') sink.onErrorField(error.value ?? '');
      else if (error.type === 'max-buffer-size-exceeded') giveUp('large');
    },
  });
  const feed = (text: string): void => {
    if (isOver || text === '') return;
    // The parser looks for the three bytes of a byte order mark; here it is one character already.
    parser.feed(isStart && text.startsWith('\uFEFF') ? text.slice(1) : text);
    isStart = false;
  };
  return {
    feed: (bytes) => feed(decoder.write(bytes)),
    end: () => {
      // What the decoder still holds is half a character: a body that was cut there.
      const rest = decoder.end();
      isEnding = true;
      feed(`${rest}\n\n`);
    },
  };
}

/** Beside the data of an event: names and white space. */
const longestField = 64;

function takeJson(text: string, sink: EventSink, isEnding: boolean): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    sink.onOdd(isEnding ? 'cut' : 'bad', text);
    return;
  }
  sink.onJson(value);
}
