/** `combination:*`: two answers in one, and the question said again first. */
import { foldPhrase, foldText } from './answer.ts';
import { text } from './arguments.ts';
import { kind, ruling, type Kind } from './kind.ts';
import { strip } from './python.ts';

const divider = '******';

const two = kind({
  id: 'combination:two_responses',
  takes: {},
  ifeval: (_, answer) => {
    const parts = answer.text.split(divider).map(strip);
    if (parts.slice(1, -1).includes('')) return ruling(false, `nothing between two dividers ${divider}`);
    const [first, second, ...more] = parts.filter((part) => part !== '');
    const twain = first !== undefined && second !== undefined && more.length === 0;
    if (!twain) return ruling(false, `not two answers with ${divider} between them`);
    return ruling(first !== second, first === second ? 'the same answer twice' : 'two different answers');
  },
});

const begins = (found: boolean) =>
  ruling(found, found ? 'begins with the question' : 'does not begin with the question');

const repeat = kind({
  id: 'combination:repeat_prompt',
  takes: { prompt_to_repeat: text },
  problem: ({ prompt_to_repeat: prompt }, language, rules) =>
    rules === 'visavis' && foldText(prompt, language) === ''
      ? 'nothing is left of the prompt to repeat'
      : null,
  ifeval: ({ prompt_to_repeat: prompt }, answer) =>
    begins(strip(answer.text).toLowerCase().startsWith(strip(prompt).toLowerCase())),
  visavis: ({ prompt_to_repeat: prompt }, answer) => {
    const { language } = answer;
    return begins(
      foldPhrase(answer.folded(), language).startsWith(foldPhrase(foldText(prompt, language), language)),
    );
  },
});

export const combination: readonly Kind[] = [two, repeat];
