import type { Check, CheckInput, JsonObject, Judgement } from '../../types.ts';
import { references, valueParam } from './comparable.ts';
import { nativePattern, searchNative } from './native-pattern.ts';
import { answerPattern, searchable, searchAnswer, searchedForm, type Searched } from './search-answer.ts';

/** A pattern matches somewhere in the answer. */
export const regex: Check = {
  name: 'regex',
  summary: '1 if the pattern (RE2 syntax, linear time) matches anywhere in the answer',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: {
        ...valueParam,
        description: 'The pattern, or several of which one is enough. Case and \\p{…} are Unicode’s.',
      },
      flags: {
        type: 'string',
        pattern: '^[ims]*$',
        description: 'i: case aside, m: ^ and $ at lines, s: . takes line ends.',
      },
      engine: {
        enum: ['re2', 'js'],
        description:
          're2: linear time. js: JavaScript’s own, with look-around and back-references; a match that takes 250 ms is no verdict. Default re2.',
      },
    },
  },
  threshold: 1,
  problem: (params) =>
    references(params)
      .map((source) => patternProblem(source, params))
      .find(isText) ?? null,
  run: (input) => {
    const signature = `regex|engine:${engineOf(input.params)}|${searchedForm}`;
    for (const source of references(input.params)) {
      const found = search(source, input);
      if ('problem' in found) {
        return { status: 'unscored', why: 'check-error', because: found.problem, details: { signature } };
      }
      if (found.match !== null) return matched(found.searched.slice(0, found.match.start), signature);
    }
    return { status: 'scored', score: 0, because: 'the pattern does not match', details: { signature } };
  },
};

function matched(before: string, signature: string): Judgement {
  const offset = Array.from(before).length;
  return { status: 'scored', score: 1, because: 'the pattern matches', details: { signature, offset } };
}

const isText = (problem: string | null): problem is string => problem !== null;

function engineOf(params: JsonObject): 're2' | 'js' {
  return params['engine'] === 'js' ? 'js' : 're2';
}

function flagsOf({ flags }: JsonObject): string {
  return typeof flags === 'string' ? flags : '';
}

function patternProblem(source: string, params: JsonObject): string | null {
  if (source === '') return 'a pattern is empty';
  const native = nativePattern(source.normalize('NFC'), flagsOf(params));
  if (engineOf(params) === 'js') return typeof native === 'string' ? native : null;
  const pattern = answerPattern(source, flagsOf(params));
  if (typeof pattern !== 'string') return null;
  return typeof native === 'string' ? pattern : `${pattern}; engine: js takes it`;
}

function search(source: string, { params, text, language }: CheckInput): Searched {
  if (engineOf(params) === 're2') {
    const pattern = answerPattern(source, flagsOf(params));
    return typeof pattern === 'string' ? { problem: pattern } : searchAnswer(pattern, text, language);
  }
  const pattern = nativePattern(source.normalize('NFC'), flagsOf(params));
  if (typeof pattern === 'string') return { problem: pattern };
  const searched = searchable(text, language);
  if (typeof searched !== 'string') return searched;
  const found = searchNative(pattern, searched);
  return 'problem' in found ? found : { ...found, searched };
}
