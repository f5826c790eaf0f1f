/** What is allowed and yet most often a slip: gaps, copies between languages, names that nothing uses. Warnings. */
import type { LanguageTag } from '../types.ts';
import type { Names } from './fill.ts';
import type { Item } from './item.ts';
import type { Entry, Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

interface Material {
  readonly languages: readonly LanguageTag[];
  readonly strings: ReadonlyMap<
    LanguageTag,
    {
      readonly spot: Spot;
      readonly texts: ReadonlyMap<string, { readonly text: string; readonly spot: Spot }>;
    }
  >;
  readonly variables: ReadonlyMap<string, Entry>;
  readonly items: readonly Item[];
  readonly names: Names;
}

/** Shorter texts are the same in two languages often enough: names, numbers, option letters. */
const minCopiedLetters = 12;

export function sayOddities(material: Material, problems: ProblemList): void {
  for (const item of material.items) {
    sayGaps(item, material.languages, problems);
    sayCopies(item, problems);
  }
  sayUnused(material, problems);
}

function sayGaps(item: Item, languages: readonly LanguageTag[], problems: ProblemList): void {
  const missing = languages.filter((language) => !item.languages.some((own) => own.language === language));
  if (missing.length > 0)
    problems.warning(item.idSpot, `the test "${item.id}" is missing in ${missing.join(', ')}`);
}

/** A text that stands in two languages letter by letter was most likely not translated. */
function sayCopies(item: Item, problems: ProblemList): void {
  const seen = new Map<
    string,
    { readonly name: string; readonly spot: Spot; readonly languages: LanguageTag[] }
  >();
  for (const own of item.languages) {
    for (const entry of own.variables.values()) {
      if (entry.value.kind !== 'scalar' || typeof entry.value.value !== 'string') continue;
      const text = entry.value.value.normalize('NFC');
      if ((text.match(/\p{L}/gu)?.length ?? 0) < minCopiedLetters) continue;
      const key = `${entry.key} ${text}`;
      const found = seen.get(key);
      if (found === undefined)
        seen.set(key, { name: entry.key, spot: entry.value.spot, languages: [own.language] });
      else found.languages.push(own.language);
    }
  }
  for (const { name, spot, languages } of seen.values()) {
    if (languages.length < 2) continue;
    problems.warning(
      spot,
      `"${name}" of the test "${item.id}" is the same text in ${languages.join(', ')}`,
      'translate it, or move it to vars',
    );
  }
}

function sayUnused({ strings, variables, items, names }: Material, problems: ProblemList): void {
  const { used } = names;
  const say = (name: string, spot: Spot): void =>
    problems.warning(spot, `the variable "${name}" is used nowhere`, () =>
      didYouMean(
        name,
        [...used.variables].filter((other) => !names.variables.has(other)),
      ),
    );
  const said = new Set<string>();
  const layers = [
    variables,
    ...items.flatMap((item) => [item.variables, ...item.languages.map((own) => own.variables)]),
  ];
  for (const layer of layers) {
    for (const [name, entry] of layer) {
      if (used.variables.has(name) || said.has(name)) continue;
      said.add(name);
      say(name, entry.keySpot);
    }
  }
  const saidStrings = new Set<string>();
  for (const { texts } of strings.values()) {
    for (const [name, { spot }] of texts) {
      if (used.strings.has(name) || saidStrings.has(name)) continue;
      saidStrings.add(name);
      problems.warning(spot, `the string "${name}" is used nowhere`);
    }
  }
}
