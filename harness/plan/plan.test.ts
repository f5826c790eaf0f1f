import { describe, expect, it } from 'vitest';
import type { Question, Suite, Target } from '../types.ts';
import { canonicalJson } from './canonical.ts';
import { expand, planRecord } from './expand.ts';
import { hostOf, order } from './order.ts';

const question = (language: string, content: string): Question => ({
  language,
  variant: null,
  messages: [{ role: 'user', content }],
  request: { temperature: 0 },
  checks: [],
});

const suite = (tests: readonly [string, readonly Question[]][]): Suite => ({
  name: 'greetings',
  file: 'greetings.yaml',
  sha256: '',
  description: '',
  languages: ['en', 'zh', 'ar', 'th'],
  images: {},
  speed: null,
  tests: tests.map(([id, questions]) => ({
    id,
    cluster: id,
    metadata: {},
    observe: true,
    repeat: 1,
    questions,
  })),
});

const target = (id: string, baseUrl: string | null = null, concurrency = 2): Target => ({
  id,
  baseUrl,
  model: id,
  replay: null,
  apiKeyEnv: null,
  dialect: 'auto',
  concurrency,
  params: { top_p: 1 },
  timeouts: { connectMs: 1, firstContentMs: 1, idleMs: 1, contentIdleMs: 1, totalMs: 1, tailMs: 1 },
  attempts: 1,
  languages: null,
  license: null,
  memory: [],
  kvBytesPerToken: null,
  launch: null,
});

const greetings = suite([
  [
    'hello',
    [question('en', 'Hello'), question('zh', '你好'), question('ar', 'مرحبا'), question('th', 'สวัสดี')],
  ],
  ['bye', [question('en', 'Bye'), question('zh', '再见')]],
]);

describe('the plan', () => {
  it('holds tests x languages x repeats x targets', () => {
    expect(expand([greetings], [target('a'), target('b')]).cells).toHaveLength(12);
    const selection = {
      repeat: 3,
      languages: ['zh'],
      tests: (id: string) => id === 'greetings/bye',
      limit: null,
    };
    expect(
      expand([greetings], [target('a')], selection).cells.map((cell) => [
        cell.test,
        cell.language,
        cell.repeat,
      ]),
    ).toEqual([
      ['bye', 'zh', 1],
      ['bye', 'zh', 2],
      ['bye', 'zh', 3],
    ]);
  });

  it('gives a cell the same key wherever its server stands and whatever stands around it', () => {
    const [first] = expand([greetings], [target('a', 'http://one:1/v1', 2)]).cells;
    const moved = expand(
      [
        suite([
          ['bye', [question('en', 'Bye')]],
          ['hello', [question('en', 'Hello')]],
        ]),
      ],
      [target('a', 'https://two/v1', 9)],
    ).cells;
    expect(moved.map((cell) => cell.key)).toContain(first?.key);
  });

  it('gives another key to another wording, NFC and NFD included', () => {
    const keys = ['café', 'cafe\u0301', 'cafe'].map(
      (text) => expand([suite([['x', [question('en', text)]]])], [target('a')]).cells[0]?.key,
    );
    expect(new Set(keys).size).toBe(3);
  });

  it('refuses two cells with one key', () => {
    expect(() => expand([suite([['x', [question('en', 'a'), question('en', 'a')]]])], [target('a')])).toThrow(
      /two cells ask the same/u,
    );
  });

  it('writes the same bytes whatever the order of keys in a request', () => {
    expect(canonicalJson({ b: [1, 'é', { z: null, a: true }], a: 1e21 })).toBe(
      '{"a":1e+21,"b":[1,"é",{"a":true,"z":null}]}',
    );
    const [cell] = expand([greetings], [target('a')]).cells;
    if (cell === undefined) throw new Error('no cell');
    expect(Object.keys(planRecord(cell)).slice(0, 2)).toEqual(['v', 'cell']);
  });
});

describe('the order of work', () => {
  it('takes loopback names for one host and others for hosts of their own', () => {
    expect(
      ['http://localhost:1/v1', 'http://127.0.0.2:9/v1', 'http://[::1]:3/v1', null].map((baseUrl) =>
        hostOf({ baseUrl }),
      ),
    ).toEqual(Array.from({ length: 4 }, () => 'loopback'));
    expect(hostOf({ baseUrl: 'https://api.example.org/v1' })).toBe('api.example.org');
  });

  it('lets targets of one host take turns over the same questions, one language a block', () => {
    const targets = [target('a'), target('b')];
    const plan = expand([greetings], targets);
    const [lane, ...more] = order(plan.cells, targets, 42);
    expect(more).toEqual([]);
    const blocks = lane?.blocks ?? [];
    expect(blocks.map((block) => block.target)).toEqual(['a', 'b', 'b', 'a', 'a', 'b', 'b', 'a']);
    for (const block of blocks) expect(new Set(block.cells.map((cell) => cell.language)).size).toBe(1);
    expect(blocks.flatMap((block) => block.cells)).toHaveLength(plan.cells.length);
    expect(blocks[0]?.cells.map((cell) => cell.test)).toEqual(blocks[1]?.cells.map((cell) => cell.test));
  });

  it('gives each host a lane', () => {
    const targets = [target('a', 'http://one/v1'), target('b', 'http://two/v1')];
    expect(order(expand([greetings], targets).cells, targets, 1).map((lane) => lane.host)).toEqual([
      'one',
      'two',
    ]);
  });
});
