/**
 * What a server says, on its way into its log: line by line, without what must not be on the disk. A line is cleaned as a
 * whole, so that no secret passes in two halves.
 */
import { closeSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** UTF-16 units of one line; the rest of a longer one is left out. */
const maxLine = 64 * 1024;

/** Writes all streams to `fd` until the last has ended, then closes it. Never throws for the disk's sake: it is a log. */
export function keepLog(streams: readonly Readable[], fd: number, clean: (text: string) => string): void {
  let open = streams.length;
  const write = (line: string): void => {
    try {
      writeSync(fd, clean(line));
    } catch {
      // A disk that refuses is told of by the journals, which matter.
    }
  };
  for (const stream of streams) {
    const lines = lineReader(write);
    stream.on('data', lines.take);
    stream.once('close', () => {
      lines.end();
      open -= 1;
      if (open === 0) closeSync(fd);
    });
    stream.on('error', () => {});
  }
}

interface LineReader {
  readonly take: (bytes: Buffer) => void;
  readonly end: () => void;
}

/** Bars of progress end their lines with a carriage return alone. */
function lineReader(write: (line: string) => void): LineReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isCut = false;
  const feed = (text: string): void => {
    for (const part of text.split(/(?<=[\r\n])/u)) {
      const ends = /[\r\n]$/u.test(part);
      if (!isCut) rest += part;
      if (rest.length > maxLine) {
        rest = `${rest.slice(0, maxLine)} [cut]\n`;
        write(rest);
        rest = '';
        isCut = !ends;
      } else if (ends) {
        if (!isCut) write(rest);
        rest = '';
        isCut = false;
      }
    }
  };
  return {
    take: (bytes) => feed(decoder.write(bytes)),
    end: () => {
      feed(decoder.end());
      if (rest !== '') write(rest);
      rest = '';
    },
  };
}
