/** A model's reasoning when the server leaves it in the answer, between `<think>` and `</think>`. */

const tag = /<(\/?)think>/gu;

export interface WithoutReasoning {
  readonly text: string;
  /** The answer ended while the model was still reasoning. */
  readonly unclosed: boolean;
}

/**
 * Drops every `<think>…</think>`. A closing tag without an opening one ends what a chat template had opened: all before
 * it goes. An opening tag without a closing one: all after it goes.
 */
export function withoutReasoning(text: string): WithoutReasoning {
  if (!text.includes('think>')) return { text, unclosed: false };
  let kept = '';
  let at = 0;
  let inside = false;
  for (const found of text.matchAll(tag)) {
    const closes = found[1] === '/';
    if (!closes && inside) continue;
    if (!closes) kept += text.slice(at, found.index);
    else if (!inside) kept = '';
    inside = !closes;
    at = found.index + found[0].length;
  }
  return inside ? { text: kept, unclosed: true } : { text: kept + text.slice(at), unclosed: false };
}
