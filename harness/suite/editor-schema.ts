/**
 * The JSON Schema that editors use for suites (completion, hover, red underlines). Draft 7, which the YAML language
 * servers know best. It says less than `validate`: places that may hold a template take any text.
 */
import type { Check, CheckCatalogue, Json, JsonObject } from '../types.ts';
import { commonKeys } from './asserts.ts';
import { roles } from './messages.ts';
import { parameterNames, parameterSchema } from './parameters.ts';

const text: JsonObject = { type: 'string' };
const variables: JsonObject = { type: 'object', description: 'Values for templates; any name but t.' };

const aboveZero: JsonObject = { type: 'number', exclusiveMinimum: 0 };
const levels = (description: string): JsonObject => ({
  anyOf: [aboveZero, { type: 'array', items: aboveZero }],
  description,
});

export function editorSchema(checks: CheckCatalogue): JsonObject {
  const all = Object.values(checks);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A visavis suite',
    type: 'object',
    additionalProperties: false,
    required: ['languages'],
    properties: {
      description: { ...text, description: 'One line: what the suite asks.' },
      languages: {
        type: 'array',
        minItems: 1,
        items: text,
        description: 'BCP 47 tags; the first is the base language.',
      },
      messages: ref('messages'),
      prompt: { ...text, description: 'Short for one user message.' },
      strings: {
        type: 'object',
        additionalProperties: { type: 'object', additionalProperties: text },
        description: 'Texts by language, reached as {{t.name}}.',
      },
      request: ref('request'),
      repeat: ref('repeat'),
      variants: {
        type: ['object', 'array'],
        description: 'Name to request overrides: the same items, asked in several ways.',
      },
      defaults: {
        type: 'object',
        additionalProperties: false,
        properties: { assert: ref('asserts'), vars: variables },
        description: 'Merged under every test.',
      },
      speed: ref('speed'),
      tests: { type: 'array', items: ref('test') },
      tests_from: {
        oneOf: [text, { type: 'array', items: text }],
        description: 'A .jsonl or .csv file of tests, or of rows with id and lang.',
      },
    },
    definitions: {
      messages: { type: 'array', minItems: 1, items: ref('message') },
      message: {
        type: 'object',
        additionalProperties: false,
        required: ['role', 'content'],
        properties: {
          role: { enum: [...roles] },
          content: { anyOf: [text, { type: 'array', minItems: 1, items: ref('part') }] },
        },
      },
      part: {
        type: 'object',
        additionalProperties: false,
        description: 'A text, or an image by a local path; it travels as a data URL.',
        properties: {
          type: { enum: ['text', 'image_url'] },
          text,
          image_url: { anyOf: [text, ref('image')] },
        },
      },
      image: {
        type: 'object',
        additionalProperties: false,
        required: ['url'],
        properties: { url: text, detail: { enum: ['auto', 'low', 'high'] } },
      },
      request: {
        type: 'object',
        description: 'Fields of the chat-completions API; response_format and tools may name a JSON file.',
      },
      repeat: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        description: 'How often each question is asked.',
      },
      speed: {
        type: 'object',
        additionalProperties: false,
        description: 'The load of this suite in the speed phase (--speed).',
        properties: {
          concurrency: levels('Requests in flight, a level each.'),
          rate: levels('Arrivals per second, a level each.'),
          arrivals: { enum: ['poisson', 'constant'] },
          max_tokens: { type: 'integer', minimum: 1, description: 'Output tokens per request.' },
          repeats: { type: 'integer', minimum: 1, maximum: 100 },
          prompts: { type: 'integer', minimum: 1, description: 'Distinct prompts at concurrency 1.' },
          slo: {
            type: 'object',
            additionalProperties: false,
            description: 'What a good answer keeps to, ms: goodput counts those.',
            properties: { ttft: aboveZero, tpot: aboveZero, e2e: aboveZero },
          },
        },
      },
      asserts: { type: 'array', items: ref('assert') },
      test: {
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: {
          id: { ...text, description: 'Unique in the suite; one item holds all its languages.' },
          metadata: {
            type: 'object',
            description: 'domain, origin (translated or native), cluster: shared by items from one source.',
          },
          vars: variables,
          in: {
            type: 'object',
            description: 'Variables by language; assert and messages beside them.',
            additionalProperties: {
              type: ['object', 'null'],
              properties: { assert: ref('asserts'), messages: ref('messages') },
            },
          },
          assert: ref('asserts'),
          observe: { type: 'boolean', description: 'true: ask and show, without a check.' },
          repeat: ref('repeat'),
          messages: ref('messages'),
          prompt: text,
        },
      },
      assert: {
        type: 'object',
        required: ['type'],
        properties: { type: { enum: all.flatMap(({ name }) => [name, `not-${name}`]) } },
        allOf: all.map(branch),
      },
    },
  };
}

const ref = (name: string): JsonObject => ({ $ref: `#/definitions/${name}` });

const common: Readonly<Record<(typeof commonKeys)[number], JsonObject>> = {
  type: {},
  threshold: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'The score from which the check passes.',
  },
  weight: { type: 'number', minimum: 0, description: 'Share in the score of the cell. Default 1.' },
  metric: { type: 'string', description: 'The name results are grouped by. Default: the type.' },
  transform: {
    type: ['string', 'array', 'object'],
    description:
      'Applied to the answer first: json, strip-code-fence, strip-think, first-line, last-line, regex: <pattern>.',
  },
};

function branch(check: Check): JsonObject {
  const own = parameterNames(check).map((name) => [name, loosened(check, name)] as const);
  return {
    if: { properties: { type: { enum: [check.name, `not-${check.name}`] } }, required: ['type'] },
    then: {
      description: check.summary,
      additionalProperties: false,
      ...(check.params['required'] === undefined ? {} : { required: check.params['required'] }),
      properties: { ...common, ...Object.fromEntries(own) },
    },
  };
}

/** A file's name or a template may stand where the check itself sees a value. */
function loosened(check: Check, name: string): Json {
  const schema = parameterSchema(check, name) ?? {};
  const filled = name === 'value' || check.templates?.includes(name) === true;
  const other: JsonObject | null =
    check.files?.includes(name) === true
      ? { type: 'string' }
      : filled
        ? { type: 'string', pattern: '\\{\\{' }
        : null;
  if (other === null) return schema;
  const { description, ...rest } = schema;
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, other] };
}
