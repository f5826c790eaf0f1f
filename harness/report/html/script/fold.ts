/**
 * Browser script: text as a search compares it, in any script. Compatibility forms (full width, ligatures, half-width
 * katakana) and letter case never count; the four i of Turkish are one. Loosely, neither do accents of Latin, Greek and
 * Cyrillic letters, Arabic and Hebrew vowel signs and the tatweel, nor invisible characters; vowel signs of Indic scripts
 * and of Thai and the marks of kana are letters and stay.
 */
export const foldScript = String.raw`
const looseMarks =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;

/* Upper case first: it spells out the sharp s, and makes one of the two final forms of sigma and of the dotless i. */
const foldCase = (text) => text.toUpperCase().toLowerCase().replaceAll('ς', 'σ').replaceAll('i\u0307', 'i');

/* Plain English needs none of it. */
const isPlain = (text) => !/[^\u0000-\u007f]/.test(text);

function fold(text, exact) {
  if (isPlain(text)) return text.toLowerCase();
  if (exact) return foldCase(text.normalize('NFKC'));
  return foldCase(text.normalize('NFKD')).replace(looseMarks, '').normalize('NFC');
}

/* What has to occur: words, or whole phrases in quotes. */
function needlesOf(text, exact) {
  const parts = text.match(/"[^"]+"|[^\s"]+/g) || [];
  return parts.map((part) => fold(part.replaceAll('"', ''), exact)).filter((part) => part !== '');
}
`;
