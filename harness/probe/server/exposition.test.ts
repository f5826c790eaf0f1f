import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExposition, type MetricSample } from './exposition.ts';

const only = (line: string): MetricSample => {
  const { samples, unreadable } = parseExposition(line);
  expect(unreadable).toBe(0);
  const [sample] = samples;
  if (sample === undefined || samples.length !== 1) throw new Error(`${samples.length} samples`);
  return sample;
};

describe('a line of a metrics page', () => {
  it.each([
    ['up 1', 'up', {}, 1],
    ['vllm:num_requests_running{engine="0"} 3.0', 'vllm:num_requests_running', { engine: '0' }, 3],
    ['  spaced\t { a = "1" , b="2",}\t 4 ', 'spaced', { a: '1', b: '2' }, 4],
    ['x{} 1.5e+09', 'x', {}, 1.5e9],
    ['x .5', 'x', {}, 0.5],
    ['x{le="+Inf"} +Inf', 'x', { le: '+Inf' }, Number.POSITIVE_INFINITY],
    ['x -inf', 'x', {}, Number.NEGATIVE_INFINITY],
    ['x NaN', 'x', {}, Number.NaN],
    [String.raw`x{a="b\\c\"d\ne"} 1`, 'x', { a: 'b\\c"d\ne' }, 1],
    [String.raw`x{a="\q",b="} 9"} 1`, 'x', { a: String.raw`\q`, b: '} 9' }, 1],
    ['x{model="نموذج/โมเดล"} 1', 'x', { model: 'نموذج/โมเดล' }, 1],
    ['x_bucket{le="1"} 5 # {trace="ab"} 0.3 1.7', 'x_bucket', { le: '1' }, 5],
  ])('%j', (line, name, labels, value) => {
    const sample = only(line);
    expect([sample.name, Object.fromEntries(sample.labels), sample.value]).toEqual([name, labels, value]);
  });

  it('may end in a time stamp', () => {
    expect(only('x{a="1"} 7 1395066363000').timestamp).toBe(1_395_066_363_000);
    expect(only('x 7 -1.5').timestamp).toBe(-1.5);
    expect(only('x 7').timestamp).toBeNull();
  });

  it.each([
    '{a="1"} 2',
    'x',
    'x{a="1" 2',
    'x{a="1',
    'x{a=1} 2',
    'x{a="1",a="2"} 3',
    'x{a="1\\',
    'x 1 2 3',
    'x 1 soon',
    'x one',
    'x 0x10',
    '9x 1',
    'x{a="1"b="2"} 3',
    'не-метрика 1',
  ])('%j is counted as unreadable, and the next line is read', (line) => {
    const { samples, unreadable } = parseExposition(`${line}\ny 1\n`);
    expect(unreadable).toBe(1);
    expect(samples.map(({ name }) => name)).toEqual(['y']);
  });
});

describe('a metrics page', () => {
  it('has types, and comments that say nothing', () => {
    const page = parseExposition('# HELP x some # text\n# TYPE x counter\n#\n# anything\nx_total 1\r\n\n');
    expect(page.types.get('x')).toBe('counter');
    expect(page).toMatchObject({ unreadable: 0 });
    expect(page.samples).toHaveLength(1);
  });

  it('ends at # EOF', () => {
    expect(parseExposition('x 1\n# EOF\ny 2\n').samples).toHaveLength(1);
  });
});

const name = fc.stringMatching(/^[A-Za-z_:][A-Za-z0-9_:]{0,20}$/u);
const label = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,10}$/u);
const value = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer(),
);
const sample = fc.record({
  name,
  labels: fc.dictionary(label, fc.string({ unit: 'binary' }), { maxKeys: 4 }),
  value,
  timestamp: fc.option(fc.integer(), { nil: null }),
});
type Written = { name: string; labels: Record<string, string>; value: number; timestamp: number | null };

const escaped = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

const number = (each: number): string => {
  if (Number.isFinite(each)) return Object.is(each, -0) ? '-0' : String(each);
  return Number.isNaN(each) ? 'NaN' : each > 0 ? '+Inf' : '-Inf';
};

function render({ name: metric, labels, value: figure, timestamp }: Written): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  const braces = inside.length === 0 ? '' : `{${inside.join(',')}}`;
  return `${metric}${braces} ${number(figure)}${timestamp === null ? '' : ` ${timestamp}`}`;
}

describe('the reader of metrics pages, for any page', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 20 }), fc.boolean(), (families, hasEnd) => {
        const text = families.map(render).join('\n') + (hasEnd ? '\n# EOF\n' : '\n');
        const page = parseExposition(text);
        expect(page.unreadable).toBe(0);
        expect(page.samples.map((each) => ({ ...each, labels: Object.fromEntries(each.labels) }))).toEqual(
          families.map((each) => ({ ...each, labels: { ...each.labels } })),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const page = parseExposition(Buffer.from(bytes).toString('utf8'));
        expect(page.samples.length + page.unreadable).toBeLessThanOrEqual(bytes.length + 1);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws on pages that were cut or shuffled', () => {
    const tokens = fc.constantFrom(
      'x',
      '{',
      '}',
      '"',
      '\\',
      ',',
      '=',
      ' ',
      '\n',
      '#',
      '1',
      'le',
      'NaN',
      '+',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 120 }), (parts) => {
        parseExposition(parts.join(''));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes a page of four MiB in little time', () => {
    const text = 'x{a="b"} 1\n'.repeat(380_000);
    const started = cpuMs();
    expect(parseExposition(text).samples).toHaveLength(380_000);
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });
});
