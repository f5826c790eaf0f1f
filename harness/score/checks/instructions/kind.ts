/** What a kind of instruction is: a name, its arguments, and a rule per set of rules. */
import type { JsonObject, LanguageTag } from '../../../types.ts';
import type { Answer, Rules } from './answer.ts';
import { readArguments, type Arguments, type Relation, type ValuesOf } from './arguments.ts';

export interface Ruling {
  /** `unsupported`: it is not defined in this language, or cannot be told from this answer. */
  readonly followed: boolean | 'unsupported';
  /** What was seen; no line end. */
  readonly why: string;
}

export type Rule<A extends Arguments> = (args: ValuesOf<A>, answer: Answer) => Ruling | Promise<Ruling>;

interface Definition<A extends Arguments> {
  readonly id: string;
  readonly takes: A;
  /** What the form of the arguments cannot say, in one line, or null. */
  readonly problem?: (args: ValuesOf<A>, language: LanguageTag, rules: Rules) => string | null;
  readonly identifiesLanguage?: readonly Rules[];
  /** As IFEval's code decides. */
  readonly ifeval: Rule<A>;
  /** As we decide in any language; the same where there is no other. */
  readonly visavis?: Rule<A>;
}

export interface Kind {
  readonly id: string;
  readonly argumentNames: readonly string[];
  /** What is wrong with arguments as written, in one line, or null. */
  readonly problem: (given: JsonObject, language: LanguageTag, rules: Rules) => string | null;
  /** Whether a verdict under these rules depends on what identifies languages. */
  readonly identifiesLanguage: (rules: Rules) => boolean;
  /** @throws Error for arguments that `problem` refuses. */
  readonly judge: (given: JsonObject, answer: Answer, rules: Rules) => Ruling | Promise<Ruling>;
}

export function kind<A extends Arguments>(definition: Definition<A>): Kind {
  const { id, takes, ifeval, visavis = ifeval } = definition;
  return {
    id,
    argumentNames: Object.keys(takes),
    problem: (given, language, rules) => {
      const read = readArguments(takes, given);
      return 'problem' in read ? read.problem : (definition.problem?.(read.values, language, rules) ?? null);
    },
    identifiesLanguage: (rules) => definition.identifiesLanguage?.includes(rules) === true,
    judge: (given, answer, rules) => {
      const read = readArguments(takes, given);
      if ('problem' in read) throw new Error(`${id}: ${read.problem}`);
      return (rules === 'visavis' ? visavis : ifeval)(read.values, answer);
    },
  };
}

/** What is quoted from a suite or an answer may run over lines. */
const onOneLine = (why: string): string => why.replaceAll(/[\p{White_Space}\p{Cc}]+/gu, ' ');

export const ruling = (followed: boolean, why: string): Ruling => ({ followed, why: onOneLine(why) });
export const unsupported = (why: string): Ruling => ({ followed: 'unsupported', why: onOneLine(why) });

/** A count against `at least n` or `less than n`. `what` in the plural: "12 words, wanted at least 20". */
export function related(found: number, relation: Relation, wanted: number, what: string): Ruling {
  const followed = relation === 'at least' ? found >= wanted : found < wanted;
  return ruling(followed, `${found} ${what}, wanted ${relation} ${wanted}`);
}

/** A count that must reach `wanted`. */
export function atLeast(found: number, wanted: number, what: string): Ruling {
  return related(found, 'at least', wanted, what);
}

/** A count that must be `wanted`. */
export function exactly(found: number, wanted: number, what: string): Ruling {
  return ruling(found === wanted, `${found} ${what}, wanted exactly ${wanted}`);
}
