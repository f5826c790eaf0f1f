/** Whether a maker's list of languages covers the one that was asked. */
import type { LanguageTag } from '../../types.ts';

/** The tag in its canonical form (`iw` is `he`, `PT-br` is `pt-BR`), lower case; one that is no tag stays as it is. */
function canonical(tag: string): string {
  try {
    return (Intl.getCanonicalLocales(tag)[0] ?? tag).toLowerCase();
  } catch {
    return tag.toLowerCase();
  }
}

/**
 * True when a declared tag is the asked one or opens it, subtag by subtag: `pt` covers `pt-BR`, `zh` covers `zh-Hans`,
 * and `pt-BR` does not cover `pt` (basic filtering of RFC 4647).
 */
export function declares(declared: readonly LanguageTag[], asked: LanguageTag): boolean {
  const wanted = `${canonical(asked)}-`;
  return declared.some((tag) => wanted.startsWith(`${canonical(tag)}-`));
}
