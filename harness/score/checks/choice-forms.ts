/** The ways in which a declared label may be written: as declared, in another case, full-width, circled, or by a look-alike. */
import { asciiDigits } from '../digits.ts';

/** `exact`: as declared. `alike`: another character that reads as the label. `conflict`: names one label by its look
 * and another by its position. */
export type FormKind = 'exact' | 'alike' | 'conflict';

export interface Form {
  readonly index: number;
  readonly kind: FormKind;
  /** Written in another case than declared. */
  readonly recased: boolean;
}

/** Every accepted writing of the labels. */
export type Forms = ReadonlyMap<string, Form>;

/** Capital letters of Cyrillic and Greek that look like Latin ones, and alif without its hamza. */
const lookalikes: readonly (readonly [string, string])[] = [
  ['А', 'A'],
  ['В', 'B'],
  ['С', 'C'],
  ['Е', 'E'],
  ['Α', 'A'],
  ['Β', 'B'],
  ['Ε', 'E'],
  ['ا', 'أ'],
];
const latinCapital = /^[A-Z]$/u;

/** Blocks of full-width, circled, squared, mathematical and presentation forms. */
const compatibilityBlocks: readonly (readonly [number, number])[] = [
  [0x2460, 0x24ff],
  [0x3200, 0x33ff],
  [0xfb50, 0xfdff],
  [0xfe70, 0xfeff],
  [0xff01, 0xffee],
  [0x1d400, 0x1d7ff],
  [0x1f100, 0x1f1ff],
];
let compatible: Map<string, string[]> | null = null;

/** Characters that NFKC turns into a given text, (가) for ㈎ taken as 가. */
function compatibleWith(text: string): readonly string[] {
  if (compatible === null) {
    compatible = new Map();
    for (const [first, last] of compatibilityBlocks) {
      for (let code = first; code <= last; code++) {
        const character = String.fromCodePoint(code);
        const plain = plainForm(character);
        if (plain !== character) compatible.set(plain, [...(compatible.get(plain) ?? []), character]);
      }
    }
  }
  return compatible.get(text) ?? [];
}

function plainForm(text: string): string {
  return text.normalize('NFKC').replaceAll(/[()]/gu, '');
}

/**
 * Exact writings win over look-alikes: with the labels А Б В Г a Cyrillic В is the third, with A B C D it is read as
 * the Latin B. A Latin letter against labels of another script counts only when its look and its place in the
 * alphabet name the same one.
 */
export function labelForms(labels: readonly string[]): Forms {
  const forms = new Map<string, Form>();
  const shared = new Set<string>();
  const put = (written: string, form: Form): void => {
    const known = forms.get(written);
    if (known === undefined) forms.set(written, form);
    else if (known.index !== form.index && known.kind === form.kind && known.recased === form.recased)
      shared.add(written);
  };
  for (const [index, label] of labels.entries()) put(label, { index, kind: 'exact', recased: false });
  const alike = labels.map((label, index) => lookalikesOf(label, index));
  for (const [index, list] of alike.entries()) {
    for (const [written, kind] of list) put(written, { index, kind, recased: false });
  }
  for (const [index, label] of labels.entries()) {
    for (const [written, kind] of [[label, 'exact'] as const, ...(alike[index] ?? [])]) {
      for (const recased of [written.toLowerCase(), written.toUpperCase()])
        put(recased, { index, kind, recased: true });
    }
  }
  for (const written of shared) forms.delete(written);
  return forms;
}

function lookalikesOf(label: string, index: number): readonly (readonly [string, FormKind])[] {
  const found = new Map<string, FormKind>();
  const plain = plainForm(label);
  for (const written of [plain, ...compatibleWith(plain)]) found.set(written, 'alike');
  for (const [a, b] of lookalikes) {
    if (plain === b) found.set(a, 'alike');
    if (plain === a && !latinCapital.test(b)) found.set(b, 'alike');
    if (plain !== a || !latinCapital.test(b)) continue;
    const kind = b.charCodeAt(0) - 65 === index ? 'alike' : 'conflict';
    for (const written of [b, ...compatibleWith(b)]) found.set(written, kind);
  }
  found.delete(label);
  return [...found];
}

/**
 * Labels in the form in which answers are read: brackets and points around a label are dropped, (A) and A) are A. `numeric`:
 * all are numbers, which are the same in any digits, १ is 1.
 */
export function bareLabels(labels: readonly string[]): {
  readonly labels: readonly string[];
  readonly numeric: boolean;
} {
  const bare = labels.map((label) => {
    const composed = label.normalize('NFC');
    return /^[(（[]?(.+?)[)）\].:：]{0,2}$/u.exec(composed)?.[1] ?? composed;
  });
  const numeric = bare.every((label) => /^\p{Nd}+$/u.test(label));
  return { labels: numeric ? bare.map(asciiDigits) : bare, numeric };
}
