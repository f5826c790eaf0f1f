/** Puts tool calls together from their pieces, in whatever way a server cuts and numbers them. */
import type { ToolCall } from '../types.ts';
import { fields, type Fields } from './json-fields.ts';

/** A tool call while its pieces come in. */
export interface DraftCall {
  readonly index: number;
  id: string;
  name: string;
  arguments: string;
}

/** Takes the `tool_calls` of a message or a delta. True: some of it was output. */
export function takeToolCalls(drafts: DraftCall[], calls: unknown): boolean {
  if (!Array.isArray(calls)) return false;
  let output = false;
  for (const item of calls) {
    const call = fields(item);
    if (call === null) continue;
    const fn = fields(call['function']);
    const known = callFor(drafts, call, fn);
    if (known === null) continue;
    if (known.id === '' && typeof call['id'] === 'string') known.id = call['id'];
    if (known.name === '' && typeof fn?.['name'] === 'string' && fn['name'] !== '') {
      known.name = fn['name'];
      output = true;
    }
    const said = argumentsText(fn?.['arguments']);
    known.arguments += said;
    if (said !== '') output = true;
  }
  return output;
}

const mostCalls = 128;

/** The call that a piece belongs to; null: none that could be. */
function callFor(drafts: DraftCall[], piece: Fields, fn: Fields | null): DraftCall | null {
  const index = piece['index'] ?? null;
  if (index !== null && !(Number.isInteger(index) && Number(index) >= 0 && Number(index) < mostCalls))
    return null;
  const known = index === null ? drafts.at(-1) : drafts.findLast((call) => call.index === index);
  if (known !== undefined && !beginsAnother(known, piece, fn)) return known;
  if (drafts.length >= mostCalls) return null;
  const call = { index: index === null ? drafts.length : Number(index), id: '', name: '', arguments: '' };
  drafts.push(call);
  return call;
}

/**
 * Where a server has no index, a name begins a call; where it has one for all, a name with an id of its own does. A new
 * id alone does not: some servers make one up for every piece.
 */
function beginsAnother(known: DraftCall, { index, id }: Fields, fn: Fields | null): boolean {
  const name = fn?.['name'];
  if (typeof name !== 'string' || name === '' || known.name === '') return false;
  if (index === undefined || index === null) return true;
  return typeof id === 'string' && id !== '' && known.id !== '' && id !== known.id;
}

/** A piece of a JSON text; some servers send the value itself, whole. */
function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
}

/** The calls in the order of their numbers; pieces that never came to a name or an argument are none. */
export function finishedCalls(drafts: readonly DraftCall[]): ToolCall[] {
  return drafts
    .filter((call) => call.name !== '' || call.arguments !== '')
    .toSorted((a, b) => a.index - b.index)
    .map(({ id, name, arguments: text }) => ({ id, name, arguments: text }));
}
