/** Browser script: references, and an answer drawn as its difference from one of them or from another answer. */
export const compareScript = String.raw`
/* Checks whose value is what the answer should say, not a part of it or a rule about it. */
const wholeValues = ['equals', 'iequals', 'f1', 'chrf', 'bleu', 'rouge-l', 'levenshtein', 'equals-json', 'similar'];

function sortedKeys(value) {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortedKeys(value[key])]));
}
const prettyJson = (value) => JSON.stringify(sortedKeys(value), null, 2);

/* What the checks of a question hold the answer against, each text once. */
function referencesOf(view) {
  const found = new Map();
  for (const [type, metric, params] of view.block.questions[view.question].c) {
    const { value } = JSON.parse(view.str(params));
    if (value === undefined) continue;
    const name = view.str(type);
    const isJson = name.endsWith('-json') || (value !== null && typeof value === 'object' && !Array.isArray(value));
    const values = Array.isArray(value) && !isJson ? value : [value];
    for (const each of values) {
      const asJson = isJson || (each !== null && typeof each === 'object');
      const text = asJson ? prettyJson(each) : String(each);
      const whole = wholeValues.includes(name);
      const known = found.get(text);
      if (known === undefined) found.set(text, { metric: view.str(metric), text, isJson: asJson, whole });
      else known.whole = known.whole || whole;
    }
  }
  return [...found.values()];
}

/* An answer in JSON is compared as JSON: keys sorted, white space evened out. */
function comparable(text, isJson) {
  if (!isJson) return text;
  try {
    return prettyJson(JSON.parse(text.replace(/^\s*\x60{3}\w*\n?|\n?\x60{3}\s*$/g, '')));
  } catch {
    return text;
  }
}

/* What the answer is compared with, as the reader chose: the reference, or the first target's answer. */
function otherSide(view, cell) {
  if (filter.diff === 'reference') return referencesOf(view).find(({ whole }) => whole) || null;
  const [first] = view.cells;
  if (filter.diff !== 'answers' || cell === first || first.a === undefined) return null;
  const text = view.str(first.a);
  return text === '' ? null : { text, isJson: /^\s*[[{]/.test(text) };
}

function differenceBox(view, cell) {
  const other = otherSide(view, cell);
  if (other === null) return null;
  const { text, isJson } = other;
  const answer = view.str(cell.a);
  const runs = compareTexts(comparable(text, isJson), comparable(answer, isJson), view.lang);
  if (runs === null) return [el('p', { class: 'muted small' }, words.tooFar), ...answerBox(answer, view.lang)];
  const tags = { '-': 'del', '+': 'ins', '=': 'span' };
  const box = el('div', { class: 'passage diff', dir: isJson ? 'ltr' : 'auto', lang: view.lang });
  for (const [sign, run] of runs) box.append(el(tags[sign], {}, plain(run)));
  const note = runs.every(([sign]) => sign === '=') ? words.same : filter.diff === 'reference' ? words.diffReference : words.diffAnswers;
  return [el('p', { class: 'muted small' }, note), ...clamped(box, text + answer)];
}
`;
