/** Judges on threads: the same verdicts as on this one, and none that is lost, late or another's, whatever the checks do. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { checks } from '../../score/checks/index.ts';
import { judgeOf } from '../../score/score.ts';
import type { CheckSpec, Json, JsonObject, Verdict } from '../../types.ts';
import { version } from '../version.ts';
import type { Task } from './job.ts';
import { openJudges, type Judges } from './pool.ts';

const specOf = (type: string, params: JsonObject): CheckSpec => ({
  type,
  not: false,
  params,
  threshold: 1,
  weight: 1,
  metric: type,
  transform: [],
});

function taskOf(text: string, specs: readonly CheckSpec[], target = 'a', language = 'th'): Task {
  const { params: _none, ...answer } = checkInput(text, language, {});
  return { target, answer, checks: specs };
}

async function judgedHere(tasks: readonly Task[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { answer, checks: specs } of tasks) {
    const judge = judgeOf(answer, { catalogue: checks, impl: `visavis-${version}` });
    for (const spec of specs) verdicts.push(await judge(spec));
  }
  return verdicts;
}

const open: Judges[] = [];
function judgesWith(limits: { checkMs?: number; heapMb?: number }, size = 1): Judges {
  const judges = openJudges({ checkMs: 60_000, heapMb: 512, ...limits }, size);
  open.push(judges);
  return judges;
}
afterAll(async () => {
  for (const judges of open) await judges.end();
});

const answers = [
  'กรุงเทพฯ',
  'القاهرة',
  '東京',
  'दिल्ली',
  '{"城市":"北京"}',
  '<think>…',
  'Nairobi',
  '서울',
  'İstanbul',
  '',
];
const easy = [
  specOf('equals', { value: '東京' }),
  specOf('contains', { value: 'กรุงเทพ' }),
  specOf('is-json', { schema: { required: ['城市'] } }),
  specOf('regex', { value: '(?<=القا)هرة', engine: 'js' }),
  specOf('language', {}),
];
/** So many errors of a schema that no small heap holds them. */
const manyErrors = JSON.stringify(Array.from({ length: 500_000 }, () => 1));
const allWrong = specOf('is-json', {
  schema: { items: { allOf: ['string', 'null', 'array', 'object', 'boolean'].map((type) => ({ type })) } },
});
/** A schema that leads back to itself in two ways: 2^24 visits, most of a second. */
const slow = specOf('is-json', {
  schema: {
    $defs: { a: { properties: { x: { allOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] } } } },
    $ref: '#/$defs/a',
  },
});
const deep = JSON.stringify(Array.from({ length: 24 }).reduce<Json>((inner) => ({ x: inner }), {}));
/** Seconds to compile. */
const huge = {
  oneOf: Array.from({ length: 1900 }, (_, at) => ({ required: [`k${at}`], minProperties: at % 7 })),
};

describe('judges', () => {
  it('give the verdicts that this thread gives, in order, on one thread and on two', async () => {
    const tasks = answers.map((text) => taskOf(text, easy));
    const here = await judgedHere(tasks);
    expect(await judgesWith({}).judge(tasks)).toEqual(here);
    const two = judgesWith({}, 2);
    const halves = await Promise.all([two.judge(tasks.slice(0, 5)), two.judge(tasks.slice(5))]);
    expect(halves.flat()).toEqual(here);
    expect(here.filter(({ status }) => status === 'scored')).not.toHaveLength(0);
  });

  it('end a check that takes too long, name the limit, and go on with the next', async () => {
    const judges = judgesWith({ checkMs: 1000 });
    const between = easy.toSpliced(2, 0, specOf('is-json', { schema: huge }));
    const tasks = [taskOf('東京', easy), taskOf('{}', between), taskOf('ไม่', easy)];
    const verdicts = await judges.judge(tasks);
    const at = easy.length + 2;
    expect(verdicts[at]).toEqual({
      status: 'unscored',
      why: 'check-error',
      because: 'compiling the schema took longer than 1 s',
      details: {},
    });
    const here = await judgedHere([taskOf('東京', easy), taskOf('{}', easy), taskOf('ไม่', easy)]);
    expect(verdicts.toSpliced(at, 1)).toEqual(here);
  });

  it('replace a judge whose memory is full, and blame the check that fills it alone', async () => {
    const judges = judgesWith({ heapMb: 80 });
    const tasks = [taskOf('東京', easy), taskOf(manyErrors, [allWrong]), taskOf('東京', easy)];
    const verdicts = await judges.judge(tasks);
    expect(verdicts[5]).toMatchObject({
      status: 'unscored',
      why: 'check-error',
      because: 'the check needed more than 80 MB of memory',
    });
    const rest = await judgedHere(tasks.filter((_, at) => at !== 1));
    expect(verdicts.filter((_, at) => at !== 5)).toEqual(rest);
  });

  it('do not try a check again and again on answers of a target on which it was late three times', async () => {
    const judges = judgesWith({ checkMs: 250 });
    const late = Array.from({ length: 5 }, () => taskOf(deep, [slow]));
    const notTried = 'not tried: this check took too long on 3 answers of a';
    const first = await judges.judge(late.slice(0, 4));
    expect(first.map(({ because }) => because)).toEqual([
      ...Array(3).fill('the check took longer than 0.25 s'),
      notTried,
    ]);
    expect(await judges.judge(late.slice(4))).toMatchObject([{ why: 'check-error', because: notTried }]);
    expect(await judges.judge([taskOf('{}', [slow], 'b')])).toMatchObject([{ status: 'scored', score: 1 }]);
  });

  it('leave the main thread free while a check stalls', async () => {
    const judges = judgesWith({ checkMs: 500 });
    await judges.judge([taskOf('{}', [slow])]);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await judges.judge([taskOf(deep, [slow])]);
    delay.disable();
    expect(delay.percentile(50) / 1e6).toBeLessThan(20);
  });

  it('are gone when they are ended, and start no other', async () => {
    const judges = judgesWith({});
    await judges.judge([taskOf('東京', easy)]);
    const under = judges.judge([taskOf('{}', [specOf('is-json', { schema: huge })])]);
    const rejected = expect(under).rejects.toThrow('have been ended');
    await judges.end();
    await rejected;
    await expect(judges.judge([taskOf('東京', easy)])).rejects.toThrow('have been ended');
  });

  it('say what a check thinks of parameters, or that it cannot be known in time', async () => {
    const judges = judgesWith({ checkMs: 1000 });
    const question = (schema: JsonObject) => ({
      type: 'is-json',
      params: { schema },
      beside: { language: 'am' },
    });
    expect(await judges.advise(question({ type: 'strnig' }))).toMatchObject({
      problem: expect.stringMatching(/breaks the rules/u),
    });
    expect(await judges.advise(question({ format: 'date' }))).toMatchObject({
      problem: null,
      warnings: [{ parameter: 'schema', message: expect.stringMatching(/"date"/u) }],
    });
    expect(await judges.advise(question(huge))).toEqual({
      problem: 'compiling the schema took longer than 1 s',
      warnings: [],
    });
  });
});
