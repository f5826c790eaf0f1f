/** However the bytes of an answer are cut, it is the same answer; and a part of an answer is never a whole one. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

/** Cases of each property: a thousand with every change; the nightly run asks for a hundred times as many. */
const cases = Number(process.env['VISAVIS_PROPERTY_RUNS'] ?? 1000);
/** Long enough for a hundred thousand. */
const testMs = 5000 + cases * 20;
const fewer = (share: number): { numRuns: number } => ({ numRuns: Math.ceil(cases * share) });

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
  strictFinish = false,
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
  const outcome = receive(reception, {
    clock: () => 0,
    allowance: allowanceOf({ timeouts, strictFinish }),
    cut: never,
  });
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
  it(
    'mean the same however they are cut',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(stream, whole), type, places, async (bytes, said, at) => {
          const inOne = await read([bytes], said);
          expect(await read(cutAt(bytes, at), said)).toEqual(inOne);
        }),
        fewer(1),
      );
    },
    testMs,
  );

  it(
    'mean the same byte by byte',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(stream, whole), type, async (bytes, said) => {
          const inOne = await read([bytes], said);
          const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
          expect(await read(single, said)).toEqual(inOne);
        }),
        fewer(0.2),
      );
    },
    testMs,
  );
});

describe('the bytes of a compressed answer', () => {
  it(
    'mean what they mean opened, however they are cut',
    async () => {
      await fc.assert(
        fc.asyncProperty(stream, places, async (bytes, at) => {
          const open = await read([bytes], 'text/event-stream');
          const packed = await read(cutAt(gzipSync(bytes), at), 'text/event-stream', false, 'gzip');
          expect(packed).toEqual({ ...open, flags: [...open.flags, 'compressed'].toSorted() });
        }),
        fewer(0.2),
      );
    },
    testMs,
  );
});

describe('a part of a good answer', () => {
  const texts = fc.array(part, { minLength: 1, maxLength: 6 });

  it.each([
    ['ends cleanly', false],
    ['is torn off', true],
  ])(
    'that stops before its finish and %s is no answer',
    async (_how, isBroken) => {
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
        fewer(0.5),
      );
    },
    testMs,
  );

  it(
    'that is one object cut short is no answer',
    async () => {
      await fc.assert(
        fc.asyncProperty(whole, fc.nat(), async (bytes, cut) => {
          const { outcome } = await read([bytes.subarray(0, cut % (bytes.length - 2))], 'application/json');
          expect(outcome.kind).toBe('failed');
        }),
        fewer(0.2),
      );
    },
    testMs,
  );
});

/** What stands in an answer's place, whatever came after it. */
function said(outcome: Outcome): unknown {
  if (outcome.kind === 'failed') return null;
  const { text, reasoning, refusal, toolCalls } = outcome;
  return { text, reasoning, refusal, toolCalls };
}

const toolText = fc.constantFrom('{', '"', 'ключ', '":', '"值"', '}', ' ');
const piece = fc.oneof(
  part.map((content) => delta({ content })),
  part.map((reasoning) => delta({ reasoning })),
  part.map((refusal) => delta({ refusal })),
  fc
    .tuple(fc.nat(2), toolText)
    .map(([index, text]) =>
      delta({ tool_calls: [{ index, id: null, function: { name: null, arguments: text } }] }),
    ),
  fc.nat(2).map((index) => delta({ tool_calls: [{ index, id: `c${index}`, function: { name: 'f' } }] })),
  fc.constant(JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } })),
);
const anyAnswer = fc
  .record({ pieces: fc.array(piece, { minLength: 1, maxLength: 8 }), lineEnd: lineEnds, spoiled: spoil })
  .map(({ pieces, lineEnd, spoiled }) =>
    Buffer.from((sse(...pieces) + spoiled + sse(delta({}, 'stop'), '[DONE]')).replaceAll('\n', lineEnd)),
  );

describe('any body that stops early', () => {
  it.each([
    ['ends cleanly', false, undefined],
    ['is torn off', true, undefined],
    ['ends cleanly, compressed', false, 'gzip'],
    ['is torn off, compressed', true, 'gzip'],
  ] as const)(
    'and %s is no answer, or the whole one: never a shorter one',
    async (_how, isBroken, encoding) => {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(anyAnswer, stream),
          fc.nat(),
          places,
          fc.boolean(),
          async (bytes, cut, at, strictFinish) => {
            const sent = encoding === undefined ? bytes : gzipSync(bytes);
            const all = await read([sent], 'text/event-stream', false, encoding, strictFinish);
            const some = sent.subarray(0, cut % sent.length);
            const pieces = some.length === 0 ? [] : cutAt(some, at);
            const { outcome } = await read(pieces, 'text/event-stream', isBroken, encoding, strictFinish);
            if (outcome.kind === 'answered') expect(said(outcome)).toEqual(said(all.outcome));
          },
        ),
        fewer(0.5),
      );
    },
    testMs,
  );
});

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'wire');
const recorded = readdirSync(folder)
  .filter((name) => name.startsWith('chat') || name.startsWith('tools') || name.startsWith('prompt'))
  .map((name) => {
    const bytes = readFileSync(path.join(folder, name));
    const body = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4);
    return [name, name.includes('stream') ? 'text/event-stream' : 'application/json', body] as const;
  });

describe('a recorded body', () => {
  it.each(recorded)(
    '%s cut at any of its bytes is no answer, or the whole one',
    async (_name, contentType, body) => {
      const all = await read([body], contentType);
      expect(all.outcome.kind).toBe('answered');
      // Each byte of the end, where it is decided, and a stride over the rest.
      const stride = Math.max(1, Math.floor(body.length / 400));
      let failed = 0;
      for (let end = 0; end < body.length; end += end > body.length - 1200 ? 1 : stride) {
        for (const isBroken of [false, true]) {
          const { outcome } = await read(end === 0 ? [] : [body.subarray(0, end)], contentType, isBroken);
          if (outcome.kind === 'failed') failed += 1;
          else expect(said(outcome)).toEqual(said(all.outcome));
        }
      }
      expect(failed).toBeGreaterThan(400);
    },
  );

  it('are there', () => {
    expect(recorded.length).toBeGreaterThan(5);
  });
});
