/** `messages` and `prompt`: what is said to the model, as templates. */
import type { ImageRef, Message } from '../types.ts';
import { fillText, type Filling } from './fill.ts';
import { readFields, readList, readText } from './fields.ts';
import type { ImageFiles } from './image-file.ts';
import type { Entry, Node, Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

export const roles: readonly Message['role'][] = ['system', 'developer', 'user', 'assistant'];

/** A text, or an image by its path; both may be templates. */
type Part =
  | { readonly kind: 'text'; readonly node: Node }
  | { readonly kind: 'image'; readonly node: Node; readonly detail: ImageRef['detail'] };

export interface MessageTemplate {
  readonly role: Message['role'];
  readonly parts: readonly Part[];
  readonly spot: Spot;
}

/** Stands in a text for the image at its place. */
const imageMark = '\uFFFC';
const details = ['auto', 'low', 'high'] as const;

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
      : [{ role: 'user', parts: [{ kind: 'text', node: prompt.value }], spot: prompt.value.spot }];
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
  const parts = readParts(content.value, problems);
  return parts === null || role === undefined ? null : { role, parts, spot: content.value.spot };
}

/** A text, or a list of parts as the API spells them: `{ type: text, text }`, `{ type: image_url, image_url: { url } }`. */
function readParts(node: Node, problems: ProblemList): Part[] | null {
  if (node.kind !== 'list')
    return readText(node, 'content', problems) === null ? null : [{ kind: 'text', node }];
  const parts = node.items.map((item): Part | null => {
    const fields = readFields(
      item,
      { what: 'a part of a message', keys: ['type', 'text', 'image_url'] },
      problems,
    );
    const text = fields?.get('text')?.value;
    const image = fields?.get('image_url')?.value;
    if (fields === null) return null;
    if (text !== undefined && image === undefined)
      return readText(text, 'text', problems) === null ? null : { kind: 'text', node: text };
    if (image !== undefined && text === undefined) return readImage(image, problems);
    problems.error(
      item.spot,
      'a part of a message is either text or image_url',
      'as in { type: text, text: "…" } or { type: image_url, image_url: { url: ./cat.png } }',
    );
    return null;
  });
  if (node.items.length === 0) problems.error(node.spot, 'content is empty');
  return parts.length > 0 && parts.every((part) => part !== null) ? parts : null;
}

function readImage(node: Node, problems: ProblemList): Part | null {
  const fields =
    node.kind === 'map' ? readFields(node, { what: 'image_url', keys: ['url', 'detail'] }, problems) : null;
  const url = node.kind === 'map' ? fields?.get('url')?.value : node;
  if (url === undefined || readText(url, 'url', problems) === null) {
    if (url === undefined)
      problems.error(node.spot, 'an image without a url', 'a local file: { url: ./cat.png }');
    return null;
  }
  const detail = fields?.get('detail');
  const named = detail === undefined ? null : readText(detail.value, 'detail', problems);
  const known = details.find((one) => one === named) ?? null;
  if (detail !== undefined && named !== null && known === null)
    problems.error(detail.value.spot, `detail: expected one of ${details.join(', ')}, got "${named}"`);
  return { kind: 'image', node: url, detail: known };
}

/** The messages of one question, or null with the problems said. */
export function fillMessages(
  templates: readonly MessageTemplate[],
  filling: Filling,
  images: ImageFiles,
  problems: ProblemList,
): Message[] | null {
  const messages = templates.map((template) => fillMessage(template, filling, images, problems));
  return messages.every((message) => message !== null) ? messages : null;
}

function fillMessage(
  { role, parts, spot }: MessageTemplate,
  filling: Filling,
  files: ImageFiles,
  problems: ProblemList,
): Message | null {
  const images: ImageRef[] = [];
  const texts: string[] = [];
  for (const part of parts) {
    const text = fillText(part.node, filling, problems);
    if (text === null) return null;
    if (part.kind === 'text') {
      if (text.includes(imageMark))
        problems.error(part.node.spot, 'the text holds U+FFFC, which marks the place of an image');
      texts.push(text);
    } else {
      const image = files.read(text, part.node.spot, problems);
      if (image === null) return null;
      images.push({ ...image, detail: part.detail });
      texts.push(imageMark);
    }
  }
  const content = texts.join('');
  if (content.trim() === '') {
    problems.error(spot, `the ${role} message is empty for ${filling.whom}`);
    return null;
  }
  return images.length === 0 ? { role, content } : { role, content, images };
}
