/** Every check there is: a file and a row here. */
import type { CheckCatalogue } from '../../types.ts';
import { bleu } from './bleu.ts';
import { chrf } from './chrf.ts';
import { choice } from './choice.ts';
import { containsAll } from './contains-all.ts';
import { containsAny } from './contains-any.ts';
import { containsJson } from './contains-json.ts';
import { contains } from './contains.ts';
import { equalsJson } from './equals-json.ts';
import { equals } from './equals.ts';
import { f1 } from './f1.ts';
import { finishReason } from './finish-reason.ts';
import { icontains } from './icontains.ts';
import { iequals } from './iequals.ts';
import { instruction } from './instruction.ts';
import { isJson } from './is-json.ts';
import { language } from './language.ts';
import { latency } from './latency.ts';
import { length } from './length.ts';
import { levenshtein } from './levenshtein.ts';
import { number } from './number.ts';
import { refusal } from './refusal.ts';
import { regex } from './regex.ts';
import { rougeL } from './rouge-l.ts';
import { script } from './script.ts';
import { startsWith } from './starts-with.ts';
import { tokens } from './tokens.ts';
import { toolCall } from './tool-call.ts';

const all = [
  equals,
  iequals,
  contains,
  icontains,
  containsAny,
  containsAll,
  startsWith,
  regex,
  number,
  choice,
  f1,
  chrf,
  bleu,
  rougeL,
  levenshtein,
  isJson,
  containsJson,
  equalsJson,
  toolCall,
  language,
  script,
  instruction,
  length,
  refusal,
  finishReason,
  latency,
  tokens,
];

/** The catalogue, by the name a suite writes in `type`. */
export const checks: CheckCatalogue = Object.fromEntries(all.map((check) => [check.name, check]));
