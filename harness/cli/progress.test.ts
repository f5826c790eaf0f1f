import { describe, expect, it } from 'vitest';
import { startCount } from './progress.ts';

/** What is written while `total` cells are done, one every `everyMs`. */
function written(total: number, everyMs: number, more: { isTTY?: boolean; quiet?: boolean } = {}): string[] {
  const texts: string[] = [];
  const stream = {
    isTTY: more.isTTY ?? false,
    write: (text: string) => texts.push(text) > 0,
  } as unknown as NodeJS.WriteStream;
  let now = 0;
  const count = startCount({ stream, what: 'scored', total, quiet: more.quiet ?? false, clock: () => now });
  for (let done = 0; done < total; done++) {
    now += everyMs;
    count.tick();
  }
  count.stop();
  return texts;
}

describe('a count over all cells', () => {
  it('says nothing of work that is soon done', () => {
    expect(written(4999, 1)).toEqual([]);
    expect(written(999, 1, { isTTY: true })).toEqual([]);
  });

  it('says a line every five seconds where nobody watches', () => {
    expect(written(12_000, 1)).toEqual([
      '5000/12000 cells scored, 1000.0/s\n',
      '10000/12000 cells scored, 1000.0/s\n',
    ]);
    expect(written(3, 6000)).toEqual([
      '1/3 cells scored, 0.2/s\n',
      '2/3 cells scored, 0.2/s\n',
      '3/3 cells scored, 0.2/s\n',
    ]);
  });

  it('says nothing when asked to be quiet', () => {
    expect(written(12_000, 1, { quiet: true })).toEqual([]);
  });
});
