/** However the bytes of an answer are cut, it is the same answer; and a part of an answer is never a whole one. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delta, sse } from '../../fixtures/servers/fault-server.ts';
import type { Outcome } from '../types.ts';
import { emptyAnswer } from './answer.ts';
import { bodyOf } from './inflate.ts';
import { allowanceOf } from './allowance.ts';
import { receive, type Reception } from './receive.ts';
import { createWire } from './wire.ts';

const timeouts = {
  connectMs: 1000,
  firstContentMs: 1000,
  idleMs: 1000,
  contentIdleMs: 1000,
  totalMs: 1000,
  tailMs: 1000,
};
const never = new AbortController().signal;
let now = 0;

interface Read {
  readonly outcome: Outcome;
  readonly flags: readonly string[];
  readonly usage: unknown;
}

/** Reads a body that comes in these pieces and ends cleanly, or is cut. */
async function read(
  pieces: readonly Buffer[],
  type: string,
  isBroken = false,
  encoding?: string,
): Promise<Read> {
  const clock = (): number => (now += 1);
  const wire = createWire(clock);
  const body = bodyOf(encoding, () => {});
  wire.status = 200;
  wire.headers = new Map([['content-type', type]]);
  if (encoding !== undefined) wire.headers = new Map([...wire.headers, ['content-encoding', encoding]]);
  wire.body = body;
  wire.t0 = clock();
  const reception: Reception = { wire, state: emptyAnswer(), reads: 0, iclMs: [], tDone: null };
  const outcome = receive(reception, { clock: () => 0, allowance: allowanceOf({ timeouts }), cut: never });
  for (const piece of pieces) body.push(piece, clock());
  body.finish(isBroken ? new Error('cut') : null);
  const decided = await outcome;
  const { flags, usage } = reception.state;
  return { outcome: decided, flags: [...flags].toSorted(), usage };
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % bytes.length))].toSorted((a, b) => a - b);
  return [0, ...ends].map((start, at) => bytes.subarray(start, ends[at] ?? bytes.length));
}

const lineEnds = fc.constantFrom('\n', '\r\n', '\r');
const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('你好', 'مرحبا', '👨‍👩‍👧', 'สวัสดี', '\uFEFF', '\u0000', '[DONE]', 'data: x', '\n\n'),
);
/** What a server may say between its texts without changing the answer; and what spoils it. */
const aside = fc.constantFrom(
  ': keep-alive\n\n',
  'event: message\n',
  'retry: 10\n',
  'data: {"choices":[]}\n\n',
  'data: null\n\n',
  'data:\n\n',
  '',
);
const spoil = fc.constantFrom(
  'data: {"error":{"message":"boom"}}\n\n',
  'error: {"code":500,"message":"boom"}\n\n',
  'event: error\ndata: boom\n\n',
  'data: {"choices":\n\n',
  '',
  '',
  '',
  '',
);
const stream = fc
  .record({
    mark: fc.constantFrom('', '\uFEFF'),
    parts: fc.array(fc.tuple(part, aside), { minLength: 1, maxLength: 6 }),
    spoiled: spoil,
    end: fc.constantFrom(
      sse(delta({}, 'stop'), '[DONE]'),
      sse(delta({}, 'length'), '{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}', '[DONE]'),
      sse('[DONE]'),
      sse(delta({}, 'stop')),
      '',
    ),
    lineEnd: lineEnds,
  })
  .map(({ mark, parts, spoiled, end, lineEnd }) =>
    Buffer.from(
      mark +
        (
          parts.map(([content, between]) => sse(delta({ content })) + between).join('') +
          spoiled +
          end
        ).replaceAll('\n', lineEnd),
    ),
  );
const whole = part.map((content) =>
  Buffer.from(
    `\uFEFF \n${JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] }, null, 1)}\n`,
  ),
);
const type = fc.constantFrom('text/event-stream', 'application/json', 'text/plain', '');
const places = fc.array(fc.nat(5000), { maxLength: 40 });

describe('the bytes of an answer', () => {
  it('mean the same however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(stream, whole), type, places, async (bytes, said, at) => {
        const inOne = await read([bytes], said);
        expect(await read(cutAt(bytes, at), said)).toEqual(inOne);
      }),
      { numRuns: 1000 },
    );
  });

  it('mean the same byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(stream, whole), type, async (bytes, said) => {
        const inOne = await read([bytes], said);
        const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
        expect(await read(single, said)).toEqual(inOne);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the bytes of a compressed answer', () => {
  it('mean what they mean opened, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(stream, places, async (bytes, at) => {
        const open = await read([bytes], 'text/event-stream');
        const packed = await read(cutAt(gzipSync(bytes), at), 'text/event-stream', false, 'gzip');
        expect(packed).toEqual({ ...open, flags: [...open.flags, 'compressed'].toSorted() });
      }),
      { numRuns: 200 },
    );
  });
});

describe('a part of a good answer', () => {
  const texts = fc.array(part, { minLength: 1, maxLength: 6 });

  it.each([
    ['ends cleanly', false],
    ['is torn off', true],
  ])('that stops before its finish and %s is no answer', async (_how, isBroken) => {
    await fc.assert(
      fc.asyncProperty(texts, lineEnds, fc.nat(), places, async (contents, lineEnd, cut, at) => {
        const before = contents.map((content) => sse(delta({ content }))).join('');
        const finish = `data: ${delta({}, 'stop')}`;
        const bytes = Buffer.from((before + finish).replaceAll('\n', lineEnd));
        // The last byte of the finish event makes it whole; anything less is not.
        const some = bytes.subarray(0, cut % bytes.length);
        const { outcome } = await read(
          some.length === 0 ? [] : cutAt(some, at),
          'text/event-stream',
          isBroken,
        );
        expect(outcome.kind).toBe('failed');
      }),
      { numRuns: 500 },
    );
  });

  it('that is one object cut short is no answer', async () => {
    await fc.assert(
      fc.asyncProperty(whole, fc.nat(), async (bytes, cut) => {
        const { outcome } = await read([bytes.subarray(0, cut % (bytes.length - 2))], 'application/json');
        expect(outcome.kind).toBe('failed');
      }),
      { numRuns: 200 },
    );
  });
});
