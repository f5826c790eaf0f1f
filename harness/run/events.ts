/** Server-sent events: bytes in, JSON values out, whatever way the bytes were cut. */
import { StringDecoder } from 'node:string_decoder';
import { createParser, type ParseError } from 'eventsource-parser';

export const eventBytes = 1024 * 1024;

export interface EventSink {
  readonly onJson: (value: unknown) => void;
  readonly onDone: () => void;
  /** A line `error: ...`, which some servers send in place of an event. */
  readonly onErrorField: (value: string) => void;
  /** `empty`: an event without data. `bad`: data that is not JSON. `large`: an event over the cap. */
  readonly onOdd: (what: 'empty' | 'bad' | 'large', data: string) => void;
}

export interface EventReader {
  readonly feed: (bytes: Buffer) => void;
  /** The body ended: what lacks only its blank line still counts if it parses. */
  readonly end: () => void;
}

export function readEvents(sink: EventSink): EventReader {
  // Half the cost of a TextDecoder on pieces this small; bytes that are no UTF-8 become U+FFFD in both.
  const decoder = new StringDecoder('utf8');
  const parser = createParser({
    maxBufferSize: eventBytes,
    onEvent: ({ data }) => {
      const text = data.trim();
      if (text === '') sink.onOdd('empty', '');
      else if (text === '[DONE]') sink.onDone();
      else takeJson(text, sink);
    },
    onError: (error: ParseError) => {
      if (error.type === 'unknown-field' && error.field === 'error') sink.onErrorField(error.value ?? '');
      else if (error.type === 'max-buffer-size-exceeded') sink.onOdd('large', '');
    },
  });
  return {
    feed: (bytes) => parser.feed(decoder.write(bytes)),
    end: () => parser.feed(`${decoder.end()}\n\n`),
  };
}

function takeJson(text: string, sink: EventSink): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    sink.onOdd('bad', text);
    return;
  }
  sink.onJson(value);
}
