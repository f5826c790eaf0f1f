/** What a probe found, as the rows of a table for people. */
import { dialectNamed } from './dialects.ts';
import type { ServerFacts } from './server-probe.ts';
import type { Shape } from './trial.ts';

const firstEvents: Readonly<Record<NonNullable<Shape['firstEvent']>, string>> = {
  'role-empty': 'a role and an empty text',
  'role-null': 'a role and no text',
  'role-text': 'a role and text',
  text: 'text',
  other: 'neither role nor text',
};

const toolWords: Readonly<Record<NonNullable<ServerFacts['tools']>, string>> = {
  called: 'called when required',
  ignored: 'accepted and not called, although required',
  refused: 'refused with an error',
};

/** Rows of a table for people: what, and what is known of it. */
export function describeFacts(facts: ServerFacts): string[][] {
  const yes = (value: boolean | null, words: readonly [string, string] = ['yes', 'no']): string =>
    value === null ? 'unknown' : value ? words[0] : words[1];
  const or = (value: string | number | null): string => (value === null ? 'unknown' : String(value));
  const row = dialectNamed(facts.dialect);
  const rows = [
    ['endpoint', facts.endpoint],
    ['model', facts.model],
    ['dialect', facts.detectedBy === null ? row.title : `${row.title} (by ${facts.detectedBy})`],
    ['version', or(facts.version ?? facts.fingerprint)],
    ['software', or(facts.software)],
    ['models listed', listedText(facts)],
    [
      'context, tokens',
      facts.contextTokens === null ? 'unknown' : `${facts.contextTokens} (${or(facts.contextFrom)})`,
    ],
    ['calls side by side', or(facts.slots)],
    ['quantization', or(facts.quantization)],
    ['limit field', or(facts.limitField)],
    ['limit kept', yes(facts.limitHonoured)],
    ['streams', yes(facts.streams, ['yes', 'no: the answer comes in one piece'])],
    ['usage in the stream', yes(facts.usageInStream)],
    ['first event', facts.firstEvent === null ? 'unknown' : firstEvents[facts.firstEvent]],
    [
      'reasoning in',
      facts.reasoningField === 'inline' ? '<think> in the text' : (facts.reasoningField ?? 'none seen'),
    ],
    ['finish reason at the limit', or(facts.finishAtLimit)],
  ];
  if (!facts.full) return rows;
  rows.push(
    ['usage in every event', yes(facts.continuousUsage)],
    ['ignore_eos', yes(facts.ignoreEos)],
    [
      'json_schema',
      facts.jsonSchema === 'accepted'
        ? 'accepted and not obeyed'
        : facts.jsonSchema === null
          ? 'unknown'
          : facts.jsonSchema,
    ],
    ['same text for the same seed', yes(facts.seed)],
    ['log probabilities', yes(facts.logprobs)],
    ['tools', facts.tools === null ? 'unknown' : toolWords[facts.tools]],
    ['a long prompt', windowText(facts)],
  );
  for (const trap of row.traps) rows.push(['mind', trap]);
  return rows;
}

function listedText(facts: ServerFacts): string {
  if (facts.models === null || facts.modelCount === null) return 'unknown';
  const few = facts.models.slice(0, 5).join(', ');
  const more = facts.modelCount > 5 ? ` and ${facts.modelCount - 5} more` : '';
  return facts.modelCount === 0 ? 'none' : `${few}${more}`;
}

function windowText(facts: ServerFacts): string {
  const asked = `${String(facts.promptWords)} words`;
  switch (facts.promptWindow) {
    case 'whole':
      return `${asked} taken whole (${String(facts.promptTokens)} tokens)`;
    case 'cut':
      return `${asked} cut without a word to ${String(facts.promptTokens)} tokens`;
    case 'refused':
      return `${asked} refused with an error`;
    case null:
      return 'unknown';
  }
}
