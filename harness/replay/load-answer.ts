/**
 * What the embedded endpoint sends to a request of the speed phase. Such a request is on no cassette: it stands behind a
 * nonce and asks for a fixed number of tokens past any end. It gets pieces of answers that are on the cassette, one a
 * token, in the pacing of one of them: sockets, clocks and memory are real, the model is not.
 */
import { createHash } from 'node:crypto';
import type { Cassette, CassetteAnswer } from './cassette.ts';

/** As many tokens as anybody needs from a server that only repeats. */
const mostTokens = 16_384;

/** The answer to a request for fixed work; null for any other request. */
export function loadAnswer(
  cassette: Cassette,
  body: Readonly<Record<string, unknown>>,
): CassetteAnswer | null {
  const wanted = body['max_tokens'];
  if (body['ignore_eos'] !== true || typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 1)
    return null;
  const asked = createHash('sha256').update(JSON.stringify(body['messages'])).digest();
  const source = pick(textsOf(cassette), asked.readUInt32BE(0));
  if (source === undefined) return null;
  const tokens = Math.min(wanted, mostTokens);
  const own = piecesOf(source);
  const pieces = Array.from({ length: tokens }, (_, at) => own[at % own.length] ?? '');
  return {
    key: asked.toString('hex').slice(0, 32),
    text: pieces.join(''),
    finish: 'length',
    pieces: pieces.map((piece) => piece.length),
    firstMs: source.firstMs,
    pieceMs: source.pieceMs,
    promptTokens: source.promptTokens,
    completionTokens: tokens,
  };
}

const known = new WeakMap<Cassette, readonly CassetteAnswer[]>();

function textsOf(cassette: Cassette): readonly CassetteAnswer[] {
  const found =
    known.get(cassette) ??
    [...cassette.entries.values()]
      .flat()
      .filter((entry): entry is CassetteAnswer => !('faultStatus' in entry) && entry.text !== '');
  known.set(cassette, found);
  return found;
}

function pick<T>(list: readonly T[], draw: number): T | undefined {
  return list[draw % list.length];
}

function piecesOf({ text, pieces }: CassetteAnswer): string[] {
  let at = 0;
  const own = (pieces ?? [text.length]).map((length) => text.slice(at, (at += length)));
  return own.filter((piece) => piece !== '');
}
