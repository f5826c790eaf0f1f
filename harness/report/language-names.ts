/** What a language is called, in English and by its own speakers. */

export interface LanguageName {
  readonly tag: string;
  /** In English; the tag itself when it has no name. */
  readonly english: string;
  /** In the language itself; null when unknown or the same as the English one. */
  readonly own: string | null;
}

function nameIn(locale: string, tag: string): string | null {
  try {
    // Without data for the locale, Intl would fall back to the machine's own language: other bytes elsewhere.
    if (Intl.DisplayNames.supportedLocalesOf([locale]).length === 0) return null;
    return new Intl.DisplayNames([locale], { type: 'language', fallback: 'none' }).of(tag) ?? null;
  } catch {
    return null;
  }
}

/** Names of a BCP 47 tag; an invalid tag is its own name. */
export function languageName(tag: string): LanguageName {
  const english = nameIn('en', tag) ?? tag;
  const own = nameIn(tag, tag);
  return { tag, english, own: own === english ? null : own };
}
