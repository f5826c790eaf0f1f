/** `messages` and `prompt`: what is said to the model, as templates. */
import type { Message } from '../types.ts';
import { fillText, type Filling } from './fill.ts';
import { readFields, readList, readText } from './fields.ts';
import type { Entry, Node } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

export const roles: readonly Message['role'][] = ['system', 'developer', 'user', 'assistant'];

export interface MessageTemplate {
  readonly role: Message['role'];
  readonly content: Node;
}

/** Messages of a mapping that has `messages` or `prompt`; null when it has neither or they are wrong. */
export function readMessages(
  entries: ReadonlyMap<string, Entry>,
  problems: ProblemList,
): readonly MessageTemplate[] | null {
  const list = entries.get('messages');
  const prompt = entries.get('prompt');
  if (list !== undefined && prompt !== undefined)
    problems.error(prompt.keySpot, 'both "prompt" and "messages"', 'keep one of them');
  if (prompt !== undefined)
    return readText(prompt.value, 'prompt', problems) === null
      ? null
      : [{ role: 'user', content: prompt.value }];
  if (list === undefined) return null;
  const items = readList(list.value, 'messages', problems)?.items ?? [];
  const messages = items.map((item) => readMessage(item, problems)).filter((message) => message !== null);
  if (list.value.kind === 'list' && items.length === 0) problems.error(list.value.spot, 'messages is empty');
  return messages.length === items.length && items.length > 0 ? messages : null;
}

function readMessage(node: Node, problems: ProblemList): MessageTemplate | null {
  const fields = readFields(
    node,
    { what: 'a message', keys: ['role', 'content'], later: ['name', 'tool_calls', 'tool_call_id'] },
    problems,
  );
  if (fields === null) return null;
  const roleEntry = fields.get('role');
  const content = fields.get('content');
  if (roleEntry === undefined || content === undefined) {
    problems.error(
      node.spot,
      `a message without ${roleEntry === undefined ? 'a role' : 'content'}`,
      'as in { role: user, content: "…" }',
    );
    return null;
  }
  const written = readText(roleEntry.value, 'role', problems);
  const role = roles.find((one) => one === written);
  if (written !== null && role === undefined)
    problems.error(roleEntry.value.spot, `unknown role "${written}"`, didYouMean(written, roles));
  if (content.value.kind === 'list') {
    problems.error(content.value.spot, 'content in parts (images) is not in this release', 'write one text');
    return null;
  }
  return readText(content.value, 'content', problems) === null || role === undefined
    ? null
    : { role, content: content.value };
}

/** The messages of one question, or null with the problems said. */
export function fillMessages(
  templates: readonly MessageTemplate[],
  filling: Filling,
  problems: ProblemList,
): Message[] | null {
  const messages = templates.map(({ role, content }): Message | null => {
    const text = fillText(content, filling, problems);
    if (text !== null && text.trim() === '')
      problems.error(content.spot, `the ${role} message is empty for ${filling.whom}`);
    return text === null || text.trim() === '' ? null : { role, content: text };
  });
  return messages.every((message) => message !== null) ? messages : null;
}
