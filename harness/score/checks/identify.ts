/**
 * The only door of eld: which language is this text, among the 60 that its small table knows? Never narrowed with
 * `setLanguageSubset`: told to choose between two languages it accepts most texts in a neighbour of either. Loaded when
 * the first check asks, 60 ms later.
 */

export interface Identifier {
  /** The most likely language, or null for a text that holds nothing to go by. */
  readonly guess: (text: string) => string | null;
}

export const eldVersion = '2.1.0';

/** The 60 languages it can answer with: what it knows is asked more often than it is loaded. */
export const eldLanguages: ReadonlySet<string> = new Set(
  (
    'am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko ku lo lt lv ml mr ms nl no or ' +
    'pa pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh'
  ).split(' '),
);

/** eld reads the first 350 bytes of a text and no more. */
const windowBytes = 330;
const maxWindows = 5;

let loading: Promise<Identifier> | undefined;

export function loadIdentifier(): Promise<Identifier> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Identifier> {
  const { eld } = await import('eld/small');
  const own = eld.newInstance();
  const detect = (text: string): string | null => own.detect(text).language || null;
  return {
    guess: (text) => {
      const pieces = windows(text);
      return pieces.length <= 1 ? detect(text) : mostFrequent(pieces.map(detect));
    },
  };
}

/** A long text in up to five pieces from its beginning to its end, cut at spaces: one that changes language half-way is seen to. */
function windows(text: string): readonly string[] {
  if (text.length * 3 <= windowBytes || Buffer.byteLength(text) <= windowBytes) return [text];
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const word of text.split(/\s+/u)) {
    const more = Buffer.byteLength(word) + 1;
    if (bytes + more > windowBytes && piece !== '') {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += ` ${word}`;
    bytes += more;
  }
  // A short tail says little: it is judged with what precedes it or not at all.
  if (bytes > windowBytes / 3 || pieces.length === 0) pieces.push(piece);
  if (pieces.length <= maxWindows) return pieces;
  const step = (pieces.length - 1) / (maxWindows - 1);
  return Array.from({ length: maxWindows }, (_, index) => pieces[Math.round(index * step)] ?? '');
}

function mostFrequent(guesses: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const guess of guesses) if (guess !== null) counts.set(guess, (counts.get(guess) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
