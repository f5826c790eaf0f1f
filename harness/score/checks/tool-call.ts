import type { Check, CheckInput, JsonObject, Judgement } from '../../types.ts';
import { JsonLimitError } from './json-extract.ts';
import { fieldsParam, fieldsProblem } from './json-rules.ts';
import { mayTakeLong } from './schema-limits.ts';
import { readCall } from './tool-arguments.ts';
import { compareCalls, expectedCalls } from './tool-call-compare.ts';
import { toolJudgement } from './tool-call-evidence.ts';
import { offeredTools } from './tool-list.ts';
import { callInText } from './tool-text.ts';

const callParam: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, description: 'Of the tool, as the request has it.' },
    arguments: { type: 'object', description: 'What the call must say. Left out: any valid arguments.' },
    fields: fieldsParam,
  },
};

/** The model calls the tools it should, with the arguments it should, and no others. */
export const toolCall: Check = {
  name: 'tool-call',
  summary:
    '1 if the answer makes the expected tool calls; between, the share of calls and arguments that match',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: {
        oneOf: [
          { enum: ['none'] },
          callParam,
          { type: 'array', minItems: 1, maxItems: 64, items: callParam },
        ],
        description:
          'The expected call { name, arguments, fields }, or several, or none. fields: as in equals-json.',
      },
      order: {
        enum: ['any', 'exact'],
        description: 'Whether the calls must come in this order. Default any.',
      },
      extra: {
        enum: ['fail', 'ignore'],
        description: 'Whether calls beyond the expected ones count against the answer. Default fail.',
      },
    },
  },
  threshold: 1,
  problem: (params) => {
    if (params['value'] === 'none')
      return params['extra'] === 'ignore'
        ? 'no call could be wrong: value is none and extra is ignore'
        : null;
    for (const { name, wanted, fields } of expectedCalls(params)) {
      const unused = fields === undefined ? null : 'fields without arguments: there is nothing to compare';
      const fault = wanted === null ? unused : fieldsProblem(wanted, fields, 'its arguments');
      if (fault !== null) return `the call of "${name}": ${fault}`;
    }
    return null;
  },
  requestProblem,
  isCostly: (_, request) => mayTakeLong(request?.['tools']),
  run: judge,
};

/** A call that the request cannot bring about: no such tool, or arguments its schema refuses. */
function requestProblem(params: JsonObject, request: JsonObject): string | null {
  const tools = offeredTools(request);
  if (typeof tools === 'string') return tools;
  const expected = expectedCalls(params);
  if (expected.length > 0 && tools.size === 0)
    return 'the request offers no tools: add request.tools, or expect none';
  for (const { name, wanted, fields } of expected) {
    const tool = tools.get(name);
    if (tool === undefined)
      return `the request offers no tool "${name}": there ${tools.size === 1 ? 'is' : 'are'} ${[...tools.keys()].slice(0, 10).join(', ')}`;
    // What is compared loosely or not at all may be met by other values.
    const [error] =
      wanted === null || fields !== undefined ? [] : (tool.schema?.validate(wanted).errors ?? []);
    if (error !== undefined)
      return `the arguments of "${name}" break the tool's own schema: ${error.pointer || 'the root'} ${error.message}`;
  }
  return null;
}

function judge(input: CheckInput): Judgement {
  const { params, language } = input;
  const inOrder = params['order'] === 'exact';
  const ignoresExtra = params['extra'] === 'ignore';
  const signature = `tool-call|order:${inOrder ? 'exact' : 'any'}|extra:${ignoresExtra ? 'ignore' : 'fail'}`;
  const unscored = (why: 'not-applicable' | 'check-error', because: string): Judgement => ({
    status: 'unscored',
    why,
    because,
    details: { signature },
  });
  if (input.takesTools === false) return unscored('not-applicable', 'this target takes no tools');
  const tools = offeredTools(input.request);
  if (typeof tools === 'string') return unscored('check-error', tools);
  try {
    const made = input.toolCalls.map((call) => readCall(call, tools));
    const results = compareCalls(expectedCalls(params), made, { inOrder, ignoresExtra, language });
    const inText = made.length === 0 ? callInText(input.text, new Set(tools.keys())) : null;
    return toolJudgement(results, made.length, inText, signature);
  } catch (error) {
    if (error instanceof JsonLimitError) return unscored('check-error', error.message);
    throw error;
  }
}
