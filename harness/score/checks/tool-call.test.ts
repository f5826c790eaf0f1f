import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import type { JsonObject, Judgement } from '../../types.ts';
import { pairFreely, pairInOrder, type Weights } from './pair-calls.ts';
import { toolCall } from './tool-call.ts';
import { callInText } from './tool-text.ts';

const tool = (name: string, parameters?: JsonObject): JsonObject => ({
  type: 'function',
  function: { name, ...(parameters === undefined ? {} : { parameters }) },
});
const city: JsonObject = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const request = { tools: [tool('get_weather', city), tool('get_time')] };

/** Every way to pair, by trial. */
function bestByTrial(weights: Weights, inOrder: boolean, row = 0, taken: readonly number[] = []): number {
  if (row === weights.length) return 0;
  const rest = bestByTrial(weights, inOrder, row + 1, taken);
  const tried = (weights[row] ?? []).map((weight, column) =>
    weight === null || (inOrder ? column <= Math.max(-1, ...taken) : taken.includes(column))
      ? 0
      : 1000 + weight + bestByTrial(weights, inOrder, row + 1, [...taken, column]),
  );
  return Math.max(rest, ...tried);
}

const weights = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.option(fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8)), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: rows, maxLength: rows },
    ),
  );

describe('pairing', () => {
  it.each([
    ['freely', pairFreely, false],
    ['in order', pairInOrder, true],
  ] as const)('%s makes as many pairs as can be, and of those the best', (_, pair, inOrder) => {
    fc.assert(
      fc.property(weights, (table) => {
        const partners = pair(table);
        const used = partners.filter((column) => column !== null);
        expect(new Set(used).size).toBe(used.length);
        if (inOrder) expect(used).toEqual(used.toSorted((a, b) => a - b));
        const sum = partners.reduce<number>(
          (total, column, row) => total + (column === null ? 0 : 1000 + (table[row]?.[column] ?? Number.NaN)),
          0,
        );
        expect(sum).toBe(bestByTrial(table, inOrder));
      }),
      { numRuns: 200 },
    );
  });

  it('does not take the best pair where two others are better together', () => {
    const table = [
      [0.9, 0.8],
      [0.8, 0],
    ];
    expect(pairFreely(table)).toEqual([1, 0]);
    expect(pairInOrder(table)).toEqual([0, 1]);
  });

  it('of many calls ends soon', () => {
    const many = Array.from({ length: 64 }, (_, row) =>
      Array.from({ length: 600 }, (__, column) => ((row * 7 + column * 13) % 17) / 17),
    );
    const started = cpuMs();
    expect(pairFreely(many).every((column) => column !== null)).toBe(true);
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });
});

describe('a call in the text', () => {
  const names = new Set(['get_weather', 'ask']);

  it.each([
    ['<tool_call>{"name": "get_weather", "arguments": {"city": "القاهرة"}}</tool_call>', 'tag'],
    ['<function=get_weather>{"city": "दिल्ली"}</function>', 'tag'],
    ['[TOOL_CALLS][{"name":"get_weather","arguments":{"city":"서울"}}]', 'tag'],
    ['<|python_tag|>get_weather.call(city="İzmir")', 'tag'],
    ['<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather', 'tag'],
    ['好的。{"name":"get_weather","parameters":{"city":"北京"}}', 'json'],
    ['{"tool":"get_weather","tool_input":"東京"}', 'json'],
    ['{"tool_calls":[{"type":"function","function":{"name":"get_weather","arguments":"{}"}}]}', 'json'],
    ['{"get_weather":{"city":"เชียงใหม่"}}', 'json'],
    ['get_weather(city="Nairobi")', 'code'],
    ['```python\nget_weather(city="አዲስ አበባ")\n```', 'code'],
    ['<think>{"name":"get_weather","arguments":{}}</think>Mawingu.', null],
    ['Ninatumia get_weather(city) kujua hali ya hewa.', null],
    ['{"name":"Amina","arguments":"hakuna"}', null],
    ['{"name":"get_weather"}', null],
    ['<tool_call>{"name":"other","arguments":{}}</tool_call>', null],
    ['', null],
  ])('%s is %s', (text, expected) => {
    expect(callInText(text, names)).toBe(expected);
  });

  it('is none where no tool was offered', () => {
    expect(callInText('<tool_call>{"name":"x","arguments":{}}</tool_call>', new Set())).toBeNull();
  });

  it('is looked for in hostile text in little time', () => {
    const started = cpuMs();
    for (const part of ['{', '{"name":', '<tool_call>', '[{}', '(', 'get_weather(']) {
      callInText(part.repeat(200_000), names);
    }
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });
});

describe('the tool-call check', () => {
  const expected = (value: unknown): JsonObject => ({ value }) as JsonObject;

  it.each([
    [{ value: 'none', extra: 'ignore' }, /no call could be wrong/u],
    [{ value: { name: 'get_weather', fields: { '/city': 'text' } } }, /fields without arguments/u],
    [
      { value: { name: 'get_weather', arguments: { city: 'x' }, fields: { '/town': 'text' } } },
      /leads nowhere/u,
    ],
    [
      { value: [{ name: 'get_weather', arguments: { city: 'x' }, fields: { city: 'text' } }] },
      /JSON Pointer/u,
    ],
  ])('refuses %j', (params, problem) => {
    expect(toolCall.problem?.(params, 'sw')).toMatch(problem);
  });

  it.each([
    [{ name: 'get_weather' }, {}, /offers no tools/u],
    [{ name: 'get_weather' }, { tools: [] }, /offers no tools/u],
    [{ name: 'getWeather' }, request, /no tool "getWeather": there are get_weather, get_time/u],
    [{ name: 'get_weather', arguments: { city: 7 } }, request, /own schema: \/city must be string/u],
    [{ name: 'get_weather', arguments: {} }, request, /own schema: \/city must have/u],
    ['none', { tools: 'x' }, /no list/u],
    ['none', { tools: [{ type: 'function' }] }, /tool 1 .* no function\.name/u],
    ['none', { tools: [tool('a'), tool('a')] }, /two tools/u],
    ['none', { tools: [tool('a', { type: 'text' })] }, /the parameters of the tool "a": the schema breaks/u],
  ])('refuses %j beside the request %j', (value, asked, problem) => {
    expect(toolCall.requestProblem?.(expected(value), asked as JsonObject)).toMatch(problem);
  });

  it.each([
    ['none', {}],
    ['none', request],
    [{ name: 'get_time' }, request],
    [{ name: 'get_weather', arguments: { city: '京都' } }, request],
    [{ name: 'get_weather', arguments: {}, fields: { '/city': 'ignore' } }, request],
    [
      { name: 'a' },
      { tools: [{ type: 'web_search' }, tool('a', { type: 'object', 'x-order': 1, strange: true })] },
    ],
  ])('takes %j', (value, asked) => {
    expect(toolCall.requestProblem?.(expected(value), asked as JsonObject)).toBeNull();
  });

  const run = async (calls: readonly (readonly [string, string])[], params: JsonObject): Promise<Judgement> =>
    toolCall.run(
      checkInput('', 'th', params, {
        request,
        toolCalls: calls.map(([name, args]) => ({ id: '', name, arguments: args })),
      }),
    );

  it('says nothing of hostile calls but what is short and on one line', async () => {
    const long = `x\n\u2028${'ก'.repeat(50_000)}`;
    const calls = Array.from(
      { length: 300 },
      () => ['get_weather', JSON.stringify({ [long]: long })] as const,
    );
    const judged = await run([...calls, [long, '{']], { value: { name: 'get_weather' } });
    expect(judged).toMatchObject({ status: 'scored', score: 0 });
    expect(judged.because).not.toMatch(/[\n\u2028]/u);
    expect(judged.because.length).toBeLessThan(400);
    expect(JSON.stringify(judged.details).length).toBeLessThan(30_000);
  });

  it('gives up on more calls than can be compared, and gives no score', async () => {
    const calls = Array.from({ length: 40_001 }, () => ['get_time', ''] as const);
    await expect(run(calls, { value: { name: 'get_time' } })).rejects.toThrow(RangeError);
  });
});
