/**
 * The words by which models announce a final answer ("Answer: 18", "jibu ni 18", 答案是十八). A start, not a closed list:
 * each language has rows in fixtures/checks/.
 */
import type { LanguageTag } from '../../types.ts';
import { baseLanguage, isUnspaced } from '../scripts.ts';

interface Announcement {
  readonly nouns: readonly string[];
  /** Words that may stand between the noun and the value. */
  readonly copulas?: readonly string[];
}

const chinese: Announcement = { nouns: ['答案', '选', '选择', '選', '選擇'], copulas: ['是', '为', '為'] };

/** What stands before the noun ("the final …", 正确…) needs no entry: only what follows is read. */
const announcements: Readonly<Record<string, Announcement>> = {
  en: { nouns: ['answer'], copulas: ['is'] },
  es: { nouns: ['respuesta', 'respuesta correcta', 'respuesta final'], copulas: ['es'] },
  fr: { nouns: ['réponse', 'réponse finale'], copulas: ['est'] },
  de: { nouns: ['antwort'], copulas: ['ist', 'lautet'] },
  pt: { nouns: ['resposta', 'resposta correta', 'resposta final'], copulas: ['é'] },
  it: { nouns: ['risposta', 'risposta corretta', 'risposta finale'], copulas: ['è'] },
  nl: { nouns: ['antwoord'], copulas: ['is'] },
  sv: { nouns: ['svar', 'svaret'], copulas: ['är'] },
  pl: { nouns: ['odpowiedź'], copulas: ['to'] },
  ru: { nouns: ['ответ'], copulas: ['это'] },
  uk: { nouns: ['відповідь'], copulas: ['це'] },
  tr: { nouns: ['cevap', 'yanıt'] },
  id: { nouns: ['jawaban', 'jawabannya'], copulas: ['adalah'] },
  vi: { nouns: ['đáp án', 'đáp án đúng', 'câu trả lời'], copulas: ['là'] },
  sw: { nouns: ['jibu', 'jibu sahihi', 'jibu la mwisho'], copulas: ['ni'] },
  el: { nouns: ['απάντηση', 'απαντηση'], copulas: ['είναι'] },
  he: { nouns: ['תשובה', 'התשובה', 'התשובה הנכונה'], copulas: ['היא'] },
  ar: {
    nouns: ['الإجابة', 'الجواب', 'الإجابة الصحيحة', 'الجواب الصحيح', 'الإجابة النهائية'],
    copulas: ['هي', 'هو'],
  },
  fa: { nouns: ['پاسخ', 'پاسخ صحیح', 'جواب'] },
  ur: { nouns: ['جواب'] },
  hi: { nouns: ['उत्तर', 'जवाब'], copulas: ['है'] },
  mr: { nouns: ['उत्तर'] },
  bn: { nouns: ['উত্তর'], copulas: ['হলো', 'হল'] },
  ta: { nouns: ['பதில்'] },
  te: { nouns: ['సమాధానం'] },
  th: { nouns: ['คำตอบ', 'คำตอบที่ถูกต้อง', 'ตอบ'], copulas: ['คือ'] },
  km: { nouns: ['ចម្លើយ'], copulas: ['គឺ'] },
  my: { nouns: ['အဖြေ'] },
  zh: chinese,
  yue: { ...chinese, copulas: ['是', '係'] },
  ja: { nouns: ['答え', '正解'], copulas: ['は'] },
  ko: { nouns: ['정답', '답'], copulas: ['은'] },
  am: { nouns: ['መልስ', 'መልሱ'] },
};

/** No letter, mark or digit on that side. ঃ is a mark by Unicode and serves Bengali writers as a colon. */
const edgeBefore = String.raw`(?<![\p{L}\p{M}\p{N}])`;
const edgeAfter = String.raw`(?=ঃ|[^\p{L}\p{M}\p{N}]|$)`;

/**
 * Finds announcements in a language and in English. A named group matched when a copula followed the noun, or when the
 * announcement is one of the suite author's own. At one place the longest wins.
 */
export function announcementPattern(language: LanguageTag, own: readonly string[]): RegExp {
  const key = JSON.stringify([language, own]);
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    pattern = compile(language, own);
    if (patterns.size > 200) patterns.clear();
    patterns.set(key, pattern);
  }
  return pattern;
}

const patterns = new Map<string, RegExp>();

function compile(language: LanguageTag, own: readonly string[]): RegExp {
  const alternatives = own.length > 0 ? [`(?<own>${ownLabels(own, language)})`] : [];
  for (const tag of new Set([baseLanguage(language), 'en'])) {
    const announcement = announcements[tag];
    if (announcement === undefined) continue;
    const nouns = anyOf(announcement.nouns, tag);
    const copula = `(?<copula_${tag}>${announcement.copulas === undefined ? '(?!)' : anyOf(announcement.copulas, tag)})`;
    if (isUnspaced(tag)) alternatives.push(String.raw`${nouns}(?:\p{Zs}{0,2}${copula})?`);
    // Korean particles lean on the noun, and the value may lean on the particle.
    else if (tag === 'ko') alternatives.push(`${edgeBefore}${nouns}(?:${copula}|${edgeAfter})`);
    else alternatives.push(String.raw`${edgeBefore}${nouns}(?:\p{Zs}{1,2}${copula})?${edgeAfter}`);
  }
  return new RegExp(alternatives.join('|'), 'giu');
}

function ownLabels(labels: readonly string[], language: LanguageTag): string {
  const edged = labels.map((label) => {
    const escaped = anyOf([label], baseLanguage(language));
    if (isUnspaced(language)) return escaped;
    const start = /^[\p{L}\p{M}\p{N}]/u.test(label) ? edgeBefore : '';
    return `${start}${escaped}${/[\p{L}\p{M}\p{N}]$/u.test(label) ? edgeAfter : ''}`;
  });
  return edged.join('|');
}

/** Longest first; a space stands for a space of any width. */
function anyOf(words: readonly string[], tag: string): string {
  const escaped = words
    .map((word) => word.normalize('NFC'))
    .toSorted((a, b) => b.length - a.length)
    .map((word) => {
      const literal = word
        .replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`)
        .replaceAll(/\p{Zs}+/gu, String.raw`\p{Zs}{1,2}`);
      // The pattern ignores case by the common rule, in which ı and I are strangers.
      return tag === 'tr' || tag === 'az' ? literal.replaceAll('ı', '[ıI]').replaceAll('i', '[iİ]') : literal;
    });
  return `(?:${escaped.join('|')})`;
}
