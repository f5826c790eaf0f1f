import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { columnsScript } from './columns.ts';
import { filtersScript } from './filters.ts';
import { foldScript } from './fold.ts';

/** Cards as the index has them: suite, test, language, variant (-1: none), repeat. */
type Place = readonly [number, number, number, number, number];

const suites = ['orders', 'a/b', 'طلبات', 'a'];
const tests = ['coffee', 'b/coffee', '50 %', 'กาแฟ', '%2F'];
const languages = [['ar'], ['zh'], ['th']];
const variants = ['json mode', ''];

function inPage<T>(places: readonly Place[], ask: string, texts: readonly string[] = []): T {
  const column = (at: number) => places.map((place) => place[at]);
  const data = {
    kinds: [['passed'], ['wrong-answer'], ['no-answer'], ['unasked']],
    suites,
    tests,
    languages,
    variants,
    targets: [{ id: 'alpha' }, { id: 'beta' }],
    cards: {
      suite: column(0),
      test: column(1),
      language: column(2),
      variant: column(3),
      repeat: column(4),
      cells: places.map(() => 2),
    },
    cells: {
      target: places.flatMap(() => [0, 1]),
      // One after the other: both right, beta wrong, alpha wrong, beta silent.
      kind: places.flatMap(
        (_, at) =>
          [
            [0, 0],
            [0, 1],
            [1, 0],
            [0, 2],
          ][at % 4] ?? [],
      ),
      pass: places.flatMap(
        (_, at) =>
          [
            [1, 1],
            [1, 0],
            [0, 1],
            [1, 2],
          ][at % 4] ?? [],
      ),
      score: places.flatMap(() => [5000, 5000]),
    },
  };
  const context = { data, texts, byId: () => ({}) };
  return vm.runInNewContext(`${columnsScript}${foldScript}${filtersScript}\n${ask}`, context) as T;
}

describe('the address of a question', () => {
  const places: Place[] = suites.flatMap((_suite, suite) =>
    tests.flatMap((_test, test) =>
      languages.flatMap((_tag, language) => [
        [suite, test, language, -1, 1] as Place,
        [suite, test, language, 0, 1] as Place,
        [suite, test, language, 0, 2] as Place,
        [suite, test, language, -1, 3] as Place,
      ]),
    ),
  );

  it('is its own, and leads back to it, whatever signs its names hold', () => {
    const addresses = inPage<string[]>(places, '[...asPlanned].map(placeOf)');
    expect(new Set(addresses).size).toBe(places.length);
    const back = inPage<number[]>(places, `${JSON.stringify(addresses)}.map(cardAt)`);
    expect(back).toEqual(places.map((_, at) => at));
  });

  it('is plain to read where the names are', () => {
    expect(inPage([[2, 3, 2, -1, 1]], 'placeOf(0)')).toBe('طلبات/กาแฟ/th');
    expect(inPage([[0, 0, 1, 0, 2]], 'placeOf(0)')).toBe('orders/coffee/zh/json mode/2');
    expect(inPage([[0, 0, 1, -1, 1]], "cardAt('orders/coffee/xx')")).toBe(-1);
  });
});

describe('the filters', () => {
  const places: Place[] = Array.from({ length: 8 }, (_, at) => [at % 2, 0, at % 3, -1, 1] as Place);
  const texts = places.map((_, at) => `card ${at} ${['قهوه', '咖啡', 'กาแฟ'][at % 3]}`);
  const found = (filter: Readonly<Record<string, string>>): number[] =>
    inPage<number[]>(
      places,
      `[...matching({ ...noFilter(), order: 'plan', ...${JSON.stringify(filter)} })]`,
      texts,
    );

  it.each([
    [{}, [0, 1, 2, 3, 4, 5, 6, 7]],
    [{ lang: 'zh' }, [1, 4, 7]],
    [{ suite: 'a/b' }, [1, 3, 5, 7]],
    [{ right: 'alpha', wrong: 'beta' }, [1, 5]],
    [{ right: 'beta', wrong: 'alpha' }, [2, 6]],
    [{ status: 'silent' }, [3, 7]],
    [{ status: 'wrong-answer', target: 'beta' }, [1, 5]],
    [{ status: 'failed' }, [1, 2, 5, 6]],
    [{ status: 'apart' }, [1, 2, 3, 5, 6, 7]],
    [{ text: 'กาแฟ' }, [2, 5]],
    [{ text: '咖 CARD' }, [1, 4, 7]],
    [{ text: '"card 5"' }, [5]],
    [{ text: 'قهوه', lang: 'th' }, []],
    // A name from an address that this report does not have shows nothing, rather than everything.
    [{ lang: 'xx' }, []],
    [{ suite: 'gone' }, []],
    [{ status: 'gone' }, []],
  ])('%j show these', (filter, cards) => {
    expect(found(filter)).toEqual(cards);
  });
});
