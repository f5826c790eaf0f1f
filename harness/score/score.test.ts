/** From an answer to findings: thresholds, `not-`, weights' companions, and what is no score. */
import { describe, expect, it } from 'vitest';
import type { Cell, CheckCatalogue, CheckSpec, Judgement, Outcome, Sample } from '../types.ts';
import { checks } from './checks/index.ts';
import { scoreCell, type ScoreContext } from './score.ts';
import { applyTransforms, transformProblem } from './transform.ts';

const spec = (over: Partial<CheckSpec>): CheckSpec => ({
  type: 'equals',
  not: false,
  params: {},
  threshold: 1,
  weight: 1,
  metric: 'equals',
  transform: [],
  ...over,
});

const cellWith = (specs: readonly CheckSpec[], language = 'en'): Cell => ({
  key: 'k',
  suite: 's',
  test: 't',
  cluster: 't',
  language,
  variant: null,
  target: 'a',
  model: 'm',
  repeat: 1,
  messages: [{ role: 'user', content: 'q' }],
  request: {},
  checks: specs,
  metadata: {},
  observe: false,
});

const answered = (text: string): Outcome => ({
  kind: 'answered',
  text,
  reasoning: '',
  toolCalls: [],
  refusal: null,
  finish: 'stop',
});
const sampleOf = (outcome: Outcome): Sample => ({ outcome }) as Sample;

const knowing = (catalogue: CheckCatalogue): ScoreContext => ({
  catalogue,
  times: () => null,
  takesTools: () => null,
});

const fixed = (judgement: Judgement): CheckCatalogue => ({
  fixed: { name: 'fixed', summary: '', params: {}, threshold: 1, run: () => judgement },
});
const scored = (score: number, more: object = {}): Judgement => ({
  status: 'scored',
  score,
  because: '',
  details: {},
  ...more,
});

async function verdictOf(judgement: Judgement, over: Partial<CheckSpec>) {
  const [finding] = await scoreCell(
    cellWith([spec({ type: 'fixed', ...over })]),
    sampleOf(answered('x')),
    knowing(fixed(judgement)),
  );
  return finding?.verdict;
}

describe('a verdict', () => {
  it.each([
    [1, 1, false, 1, true],
    [0.6, 0.6 + 1e-13, false, 0.6, true],
    [0.59, 0.6, false, 0.59, false],
    [0.7, null, false, 0.7, null],
    [1, 1, true, 0, false],
    [0, 1, true, 1, true],
    [0.3, null, true, 0.7, null],
  ])('score %d against the threshold %s, negated %s', async (score, threshold, not, expected, pass) => {
    const verdict = await verdictOf(scored(score), { threshold, not });
    expect(verdict).toMatchObject({ status: 'scored', pass });
    if (verdict?.status === 'scored') expect(verdict.score).toBeCloseTo(expected, 12);
  });

  it('fails in both polarities what could not be read', async () => {
    expect(await verdictOf(scored(0, { unreadable: true }), { not: false })).toMatchObject({
      score: 0,
      pass: false,
    });
    expect(await verdictOf(scored(0, { unreadable: true }), { not: true })).toMatchObject({
      score: 0,
      pass: false,
    });
  });

  it('leaves unscored what is unscored, negated or not', async () => {
    const judgement: Judgement = {
      status: 'unscored',
      why: 'not-applicable',
      because: 'no capitals in Thai',
      details: {},
    };
    const signed = { ...judgement, details: { signature: 'fixed' } };
    expect(await verdictOf(judgement, { not: true })).toEqual(signed);
  });

  it.each([2, -0.1, Number.NaN])('takes the score %d for a crash of the check', async (score) => {
    expect(await verdictOf(scored(score), {})).toMatchObject({ status: 'unscored', why: 'check-error' });
  });
});

describe('a cell', () => {
  it('has a finding per check, crashed ones included, in their order', async () => {
    const broken: CheckCatalogue = {
      ...checks,
      broken: {
        name: 'broken',
        summary: '',
        params: {},
        threshold: 1,
        run: () => {
          throw new Error('boom');
        },
      },
    };
    const specs = [
      spec({ type: 'broken', metric: 'x' }),
      spec({ type: 'equals', params: { value: '東京' }, weight: 2 }),
      spec({ type: 'gone' }),
      spec({ type: 'contains', not: true, params: { value: '京' } }),
    ];
    const findings = await scoreCell(cellWith(specs, 'ja'), sampleOf(answered('東京')), knowing(broken));
    expect(findings.map((finding) => [finding.index, finding.check, finding.weight])).toEqual([
      [0, 'broken', 1],
      [1, 'equals', 2],
      [2, 'gone', 1],
      [3, 'not-contains', 1],
    ]);
    expect(findings.map((finding) => finding.verdict)).toMatchObject([
      { status: 'unscored', why: 'check-error', because: 'boom' },
      { status: 'scored', score: 1, pass: true },
      { status: 'unscored', why: 'check-error' },
      { status: 'scored', score: 0, pass: false },
    ]);
  });

  it.each<[string, Sample | null]>([
    ['was never asked', null],
    [
      'was not answered',
      sampleOf({
        kind: 'failed',
        failure: {
          status: 'timeout',
          code: 'timeout-first',
          message: '',
          http: null,
          remedy: 'final',
          retryAfterMs: null,
        },
        partial: '東京',
      }),
    ],
  ])('that %s has no score, also where a part of the answer would pass', async (_, sample) => {
    const [finding] = await scoreCell(
      cellWith([spec({ params: { value: '東京' } })], 'ja'),
      sample,
      knowing(checks),
    );
    expect(finding?.verdict).toMatchObject({ status: 'unscored', why: 'no-answer' });
  });

  it('scores an empty answer: it is an answer', async () => {
    const [finding] = await scoreCell(
      cellWith([spec({ params: { value: 'x' } })]),
      sampleOf(answered('')),
      knowing(checks),
    );
    expect(finding?.verdict).toMatchObject({ status: 'scored', score: 0, pass: false });
  });
});

describe('transforms', () => {
  const run = async (text: string, transform: string[], over: Partial<CheckSpec>) => {
    const [finding] = await scoreCell(
      cellWith([spec({ transform, ...over })], 'ar'),
      sampleOf(answered(text)),
      knowing(checks),
    );
    return finding?.verdict;
  };

  it.each([
    ['last-line', 'سطر\nالقاهرة', 'القاهرة'],
    ['first-line', '<think>a\nb</think>القاهرة\nسطر', 'القاهرة'],
    ['strip-code-fence', '```\nالقاهرة\n```', 'القاهرة'],
    ['strip-think', '<think>دمشق</think>القاهرة', 'القاهرة'],
    ['regex: المدينة:\\s*(\\p{L}+)', 'المدينة: القاهرة.', 'القاهرة'],
    ['json', 'هذا: {"a": "القاهرة"}', '{"a":"القاهرة"}'],
  ])('%s', async (transform, text, value) => {
    expect(await run(text, [transform], { params: { value } })).toMatchObject({ status: 'scored', score: 1 });
  });

  it.each([
    ['first-line', 'th', '\n กรุงเทพฯ\r\nบรรทัดสอง', 'กรุงเทพฯ'],
    ['first-line', 'zh', '北京\u2028第二行', '北京'],
    ['first-line', 'sw', '', ''],
    ['last-line', 'hi', 'पहली\nदूसरी\n\n', 'दूसरी'],
    ['last-line', 'ja', '一行目\u0085東京', '東京'],
    ['last-line', 'tr', 'tek satır', 'tek satır'],
    ['strip-code-fence', 'ko', '여기 있습니다:\n```text\n서울\n```\n끝', '서울'],
    ['strip-code-fence', 'ru', '~~~\nда\n~~~', 'да'],
    ['strip-code-fence', 'ar', '```\r\nنعم\r\nلا\r\n```', 'نعم\r\nلا'],
    ['strip-code-fence', 'am', '```\nአዎ', 'አዎ'],
    ['strip-code-fence', 'bn', 'কোনো বেড়া নেই', 'কোনো বেড়া নেই'],
    ['strip-think', 'zh', '想一想</think>上海', '上海'],
    ['strip-think', 'bn', '<think>ভাবছি', ''],
    ['json', 'th', 'คำตอบ: {"เมือง":"เชียงใหม่"} ครับ', '{"เมือง":"เชียงใหม่"}'],
    ['json', 'hi', '```json\n["दिल्ली",\n 2]\n```', '["दिल्ली",2]'],
    ['json', 'ko', '"서울"', '"서울"'],
    ['regex: \\p{Nd}+', 'ar', 'عددها ١٨ و٢٠', '١٨'],
    ['regex: (?m)^答え：(.+)$', 'ja', '考え：一\n答え：十八', '十八'],
    ['regex: cevap: (\\p{L}+)', 'tr', 'cevap: ışık', 'ışık'],
    ['regex: Jibu:\\s*(.*)', 'sw', 'Jibu: ', ''],
  ])('%s in %s: %j is %j', (name, _, text, expected) => {
    expect(applyTransforms(text, [name], 'stop')).toEqual({ text: expected });
  });

  it.each([
    ['json', 'zh', '没有'],
    ['json', 'ja', '{"a":1} {"b":2}'],
    ['json', 'sw', "{'a': 1}"],
    ['regex: (\\d+)', 'th', '๑๘'],
    ['regex: 答案：(.+)', 'zh', '<think>答案：一</think>不知道'],
  ])('%s in %s finds nothing in %j', (name, _, text) => {
    expect(applyTransforms(text, [name], 'stop')).toEqual({ nothingFor: name });
  });

  it('run in the order of the list', () => {
    const text = 'คิด\n```json\n{"ตอบ": "ข"}\n```';
    expect(applyTransforms(text, ['strip-code-fence', 'json', 'regex: "ตอบ":"(.)"'], 'stop')).toEqual({
      text: 'ข',
    });
    expect(applyTransforms(text, ['first-line', 'json'], 'stop')).toEqual({ nothingFor: 'json' });
  });

  it.each([
    ['upper', /unknown transform "upper": there are json, /u],
    ['regex: (', /^not a pattern/u],
    ['regex: (?=ก)', /look-around is not supported/u],
  ])('%s is a fault of the suite', (written, problem) => {
    expect(transformProblem(written)).toMatch(problem);
    expect(() => applyTransforms('x', [written], null)).toThrow(problem);
  });

  it('fails in both polarities where there is nothing to transform', async () => {
    expect(await run('كلام', ['json'], { params: { value: 'x' } })).toMatchObject({
      status: 'scored',
      pass: false,
    });
    expect(await run('كلام', ['regex: (\\d+)'], { not: true, params: { value: 'x' } })).toMatchObject({
      score: 0,
      pass: false,
    });
  });

  it.each<[string, string, Partial<CheckSpec>]>([
    ['regex: (\\d+)', '<think>ربما 41</think> الجواب 42', { params: { value: '42' } }],
    [
      'strip-code-fence',
      '<think>\n```\nدمشق\n```\n</think>\n```\nالقاهرة\n```',
      { params: { value: 'القاهرة' } },
    ],
    [
      'strip-code-fence',
      '<think>\n```json\n{"a":1}\n```\n</think>\n```json\n{"a":2}\n```',
      { type: 'equals-json', params: { value: { a: 2 } } },
    ],
  ])('%s does not look into the reasoning', async (transform, text, over) => {
    expect(await run(text, [transform], over)).toMatchObject({ status: 'scored', score: 1 });
  });

  it.each([
    ['café', 'réponse: cafe\u0301'],
    ['cafe\u0301', 'réponse: café'],
    ['한국', '\u1112\u1161\u11AB\u1100\u116E\u11A8'],
  ])('finds %s in either composition', async (word, text) => {
    const value = word.normalize('NFC');
    expect(await run(text, [`regex: (${word})`], { params: { value } })).toMatchObject({ score: 1 });
    expect(await run(text, [], { type: 'regex', params: { value: word } })).toMatchObject({ score: 1 });
  });

  it('takes the group that took part, and fails in both polarities where none did', async () => {
    const transform = ['regex: الجواب (\\d+)|(\\d+) هو'];
    expect(await run('42 هو الجواب', transform, { params: { value: '42' } })).toMatchObject({ score: 1 });
    expect(await run('A', ['regex: A|(B)'], { not: true, params: { value: 'x' } })).toMatchObject({
      score: 0,
      pass: false,
      because: expect.stringMatching(/holds nothing for the transform/u),
    });
  });

  it.each([
    ['z', 'x'.repeat(1024 * 1024 + 1)],
    ['.{0,999}z', 'ก'.repeat(100_000)],
  ])('judges nothing where %s cannot be looked for in reasonable time', async (pattern, text) => {
    const failed = { status: 'unscored', why: 'check-error' };
    expect(await run(text, [`regex: ${pattern}`], { params: { value: 'x' } })).toMatchObject(failed);
    expect(await run(text, [], { type: 'regex', params: { value: pattern } })).toMatchObject({
      ...failed,
      details: { signature: 'regex|engine:re2|norm:strict' },
    });
  });

  it('keeps the statistics of a metric that found nothing, for the corpus figure to count it as the mean does', async () => {
    for (const type of ['chrf', 'bleu']) {
      const over = { type, params: { value: 'كمل كلام' }, threshold: null };
      const stats = (await run('كلام', ['regex: (\\d+)'], over))?.details['stats'];
      expect(stats).toEqual((await run('', [], over))?.details['stats']);
      expect(stats).toEqual(expect.any(Array));
    }
  });

  it.each<[Partial<CheckSpec>, string]>([
    [{ params: { value: 'x' } }, 'equals|norm:strict'],
    [{ type: 'iequals', params: { value: 'x' } }, 'iequals|norm:caseless'],
    [{ type: 'number', params: { value: 1 } }, 'number|'],
    [{ type: 'chrf', params: { value: 'कमल' }, threshold: null }, 'chrF'],
  ])('keeps the signature of %j where there is nothing to transform', async (over, signature) => {
    const nothing = await run('كلام', ['regex: (\\d)'], over);
    const usual = await run('كلام 5', ['regex: (\\d)'], over);
    expect(nothing?.details['signature']).toEqual(usual?.details['signature']);
    expect(nothing?.details['signature']).toContain(signature);
  });
});

describe('a check with its own limit', () => {
  it.each<[string, boolean, number, boolean]>([
    ['บ้านหลังนี้', false, 1 - 1 / 11, true],
    ['บ้านหลังน', false, 1 - 2 / 11, false],
    ['บ้านหลังนี้', true, 1 / 11, false],
    ['บ้านหลังน', true, 2 / 11, true],
  ])('passes by it and not by its score: %s, not: %s', async (text, not, score, pass) => {
    const params = { value: 'บ้านหลังนั้', max_distance: 1 };
    const specs = [spec({ type: 'levenshtein', params, threshold: 1, not })];
    const [finding] = await scoreCell(cellWith(specs, 'th'), sampleOf(answered(text)), knowing(checks));
    expect(finding?.verdict).toMatchObject({ status: 'scored', score: expect.closeTo(score, 9), pass });
  });
});

describe('a signature', () => {
  const signatureOf = async (judgement: Judgement, impl?: string) => {
    const context = { ...knowing(fixed(judgement)), ...(impl === undefined ? {} : { impl }) };
    const specs = [spec({ type: 'fixed' })];
    const [finding] = await scoreCell(cellWith(specs, 'ar'), sampleOf(answered('نعم')), context);
    return finding?.verdict.details['signature'];
  };

  it('names the check at least, and ends in who scored', async () => {
    expect(await signatureOf(scored(1, { details: { signature: 'a|b:1' } }), 'visavis-1.2.3')).toBe(
      'a|b:1|impl:visavis-1.2.3',
    );
    expect(await signatureOf(scored(1), 'visavis-1.2.3')).toBe('fixed|impl:visavis-1.2.3');
    expect(await signatureOf(scored(0))).toBe('fixed');
  });

  it('stands in a verdict that does not apply, and in none where there was no answer', async () => {
    const silent: Judgement = { status: 'unscored', why: 'not-applicable', because: '', details: {} };
    expect(await signatureOf(silent, 'visavis-1.2.3')).toBe('fixed|impl:visavis-1.2.3');
    const [finding] = await scoreCell(cellWith([spec({})]), null, knowing(checks));
    expect(finding?.verdict.details).toEqual({});
  });
});

describe('reasoning', () => {
  it.each<[string, Partial<CheckSpec>]>([
    ['strict', { params: { value: '東京' } }],
    ['none', { params: { value: '東京', normalize: 'none' } }],
    ['a list of steps', { params: { value: '東京', normalize: ['nfc'] } }],
    ['code points', { type: 'length', params: { unit: 'codepoints', max: 2 } }],
    ['chrF', { type: 'chrf', params: { value: '東京', normalize: 'none' } }],
  ])('is seen by no check: %s', async (_, over) => {
    const [finding] = await scoreCell(
      cellWith([spec(over)], 'ja'),
      sampleOf(answered('<think>大阪?</think>東京')),
      knowing(checks),
    );
    expect(finding?.verdict).toMatchObject({ status: 'scored', score: 1 });
  });
});

describe('an answer that ends in its reasoning', () => {
  it.each<[string, Partial<CheckSpec>, boolean | null]>([
    ['contains', { type: 'contains' }, false],
    ['not-contains', { type: 'contains', not: true }, true],
    ['a transform', { transform: ['regex: (\\d+)'] }, false],
  ])('says so in the details of %s', async (_, over, pass) => {
    const specs = [spec({ params: { value: '42' }, ...over })];
    const verdictFor = async (text: string) =>
      (await scoreCell(cellWith(specs, 'th'), sampleOf(answered(text)), knowing(checks)))[0]?.verdict;
    expect(await verdictFor('<think>คิดว่า 42')).toMatchObject({ pass, details: { reasoning: 'unclosed' } });
    expect((await verdictFor('<think>คิด</think>42'))?.details).not.toHaveProperty('reasoning');
  });
});
