/** Gates on a terminal: one line each, and one for each claim that is not passed. */
import type { GateState, Summary } from '../types.ts';
import { safeLine, type Paint } from './terminal.ts';

const marks: Readonly<Record<GateState, { readonly word: string; readonly tone: Parameters<Paint>[0] }>> = {
  pass: { word: 'pass', tone: 'green' },
  fail: { word: 'fail', tone: 'red' },
  inconclusive: { word: 'undecided', tone: 'yellow' },
};

/** Empty where nothing was claimed. What a person or a suite wrote stands behind a word of ours, made safe. */
export function gateLines({ gates }: Pick<Summary, 'gates'>, paint: Paint): string[] {
  return gates.flatMap(({ state, expression, sentence, claims }) => {
    const { word, tone } = marks[state];
    const head = `gate ${paint(tone, word)} ${safeLine(expression)}`;
    const open = claims.length < 2 ? [] : claims.filter((claim) => claim.state !== 'pass');
    return [
      head,
      `  ${safeLine(sentence, 500)}`,
      ...open.map((claim) => `  ${marks[claim.state].word}: ${safeLine(claim.sentence, 500)}`),
    ];
  });
}
