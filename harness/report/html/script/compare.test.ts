import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { compareScript } from './compare.ts';
import { diffScript } from './diff.ts';

/** A card's block as the page unpacks it: its checks, and the answers of its targets. */
function view(checks: readonly (readonly [string, string, object])[], answers: readonly string[]) {
  const strings = [
    ...checks.flatMap(([type, metric, params]) => [type, metric, JSON.stringify(params)]),
    ...answers,
  ];
  return {
    str: (at: number) => strings[at],
    lang: 'th',
    question: 0,
    block: { strings, questions: [{ c: checks.map((_, at) => [3 * at, 3 * at + 1, 3 * at + 2]) }] },
    cells: answers.map((_, at) => ({ a: 3 * checks.length + at })),
  };
}

const words = { same: 'the same', diffReference: 'reference', diffAnswers: 'answers', tooFar: 'too far' };

/** What is drawn for each answer: the note, then the runs by their tags; null: the answer as it came. */
function drawn(diff: string, seen: ReturnType<typeof view>): (string[] | null)[] {
  const el = (tag: string, _attributes: object, ...children: string[]) => {
    const node = {
      tag,
      children: [...children],
      append: (child: unknown) => node.children.push(child as string),
    };
    return node;
  };
  const context = {
    Intl,
    words,
    filter: { diff },
    seen,
    el,
    plain: (text: string) => text,
    answerBox: (text: string) => [text],
    clamped: (box: unknown) => [box],
  };
  const ask = `seen.cells.map((cell) => {
    const parts = differenceBox(seen, cell);
    if (parts === null) return null;
    const [note, box] = parts;
    return [note.children[0], ...box.children.map((run) => run.tag + ' ' + run.children[0])];
  })`;
  return vm.runInNewContext(`${diffScript}${compareScript}\n${ask}`, context) as (string[] | null)[];
}

const exact = ['equals', 'wording', { value: 'กาแฟสองแก้ว' }] as const;
const json = { city: 'ไนโรบี', items: [{ quantity: 2, product: 'coffee' }] };

describe('an answer beside its reference', () => {
  it('says that they are the same, or strikes out and underlines', () => {
    const [same, other] = drawn('reference', view([exact], ['กาแฟสองแก้ว', 'กาแฟสามแก้ว']));
    expect(same).toEqual(['the same', 'span กาแฟสองแก้ว']);
    expect(other?.[0]).toBe('reference');
    expect(other?.filter((run) => run.startsWith('del')).join()).toContain('สอง');
    expect(other?.filter((run) => run.startsWith('ins')).join()).toContain('สาม');
  });

  it('compares JSON as JSON: order of keys, white space and a code fence are no difference', () => {
    const answer = `\`\`\`json\n{"items":[{"product":"coffee","quantity":2}],"city":"ไนโรบี"}\n\`\`\``;
    const seen = view([['equals-json', 'extraction', { value: json }]], [answer, answer.replace('2', '3')]);
    const [same, other] = drawn('reference', seen);
    expect(same?.[0]).toBe('the same');
    expect(other?.slice(1).filter((run) => !run.startsWith('span'))).toEqual(['del 2', 'ins 3']);
  });

  it.each([
    ['number', 2],
    ['contains', 'กาแฟ'],
    ['regex', '^ก'],
    ['choice', 'ข'],
  ])('leaves the answer as it came where %s holds a part of it or a rule', (type, value) => {
    expect(drawn('reference', view([[type, 'm', { value }]], ['กาแฟ']))).toEqual([null]);
  });

  it('leaves it where nothing was chosen, or no check has a value', () => {
    expect(drawn('', view([exact], ['x']))).toEqual([null]);
    expect(drawn('reference', view([['language', 'm', {}]], ['x']))).toEqual([null]);
  });
});

describe('an answer beside the first target’s', () => {
  it('is drawn for every target but the first', () => {
    const [first, second, third] = drawn('answers', view([exact], ['二杯です', '三杯です', '二杯です']));
    expect(first).toBeNull();
    expect(second?.[0]).toBe('answers');
    expect(third).toEqual(['the same', 'span 二杯です']);
  });

  it('is not drawn where the first said nothing', () => {
    expect(drawn('answers', view([exact], ['', 'x']))).toEqual([null, null]);
  });
});
