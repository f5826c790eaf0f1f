/**
 * Browser script: what two texts share, word by word. Words are cut by the reader's own browser for the language at hand
 * (Chinese, Japanese and Thai have no blanks to cut at), and never inside a letter as a reader sees it. The shortest edit
 * script is Myers' (Algorithmica 1, 1986).
 */
export const diffScript = String.raw`
const segmenters = new Map();
function segmenterOf(lang, granularity) {
  const name = granularity + ' ' + lang;
  let found = segmenters.get(name);
  if (found === undefined) {
    try {
      found = new Intl.Segmenter(lang || 'en', { granularity });
    } catch {
      found = new Intl.Segmenter('en', { granularity });
    }
    segmenters.set(name, found);
  }
  return found;
}

/* Words, blanks and signs, each whole letters. */
function wordsOf(text, lang) {
  const ends = new Set();
  for (const { index, segment } of segmenterOf(lang, 'grapheme').segment(text)) ends.add(index + segment.length);
  const found = [];
  let open = '';
  for (const { index, segment } of segmenterOf(lang, 'word').segment(text)) {
    open += segment;
    if (!ends.has(index + segment.length)) continue;
    found.push(open);
    open = '';
  }
  if (open !== '') found.push(open);
  return found;
}

/* Beyond this many edits two texts have nothing in common that a reader could follow. */
const mostEdits = 1500;

/* Edit script from a to b as [sign, items]: '=' both, '-' only a, '+' only b; null where they are too far apart. */
function editsOf(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let aEnd = a.length;
  let bEnd = b.length;
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd -= 1;
    bEnd -= 1;
  }
  const middle = shortest(a.slice(start, aEnd), b.slice(start, bEnd));
  if (middle === null) return null;
  const runs = [];
  const add = (sign, items) => {
    if (items.length === 0) return;
    const last = runs[runs.length - 1];
    if (last !== undefined && last[0] === sign) last[1].push(...items);
    else runs.push([sign, [...items]]);
  };
  add('=', a.slice(0, start));
  for (const [sign, item] of middle) add(sign, [item]);
  add('=', a.slice(aEnd));
  return runs;
}

function shortest(a, b) {
  const most = Math.min(a.length + b.length, mostEdits);
  const offset = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const trace = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(reach.slice(offset - edits - 1, offset + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && reach[offset + k - 1] < reach[offset + k + 1]);
      let x = down ? reach[offset + k + 1] : reach[offset + k - 1] + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      reach[offset + k] = x;
      if (x >= a.length && y >= b.length) return walkBack(a, b, trace);
    }
  }
  return null;
}

function walkBack(a, b, trace) {
  const steps = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits];
    const at = (k) => reach[k + edits + 1];
    const k = x - y;
    const down = k === -edits || (k !== edits && at(k - 1) < at(k + 1));
    const from = edits === 0 ? 0 : down ? k + 1 : k - 1;
    const fromX = edits === 0 ? 0 : at(from);
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      steps.push(['=', a[x]]);
    }
    if (edits === 0) break;
    if (down) steps.push(['+', b[fromY]]);
    else steps.push(['-', a[fromX]]);
    x = fromX;
    y = fromY;
  }
  return steps.reverse();
}

/* Texts compared as words. Spelt differently and read the same (composed or not) is the same. */
function compareTexts(before, after, lang) {
  const from = wordsOf(before.normalize('NFC'), lang);
  const to = wordsOf(after.normalize('NFC'), lang);
  const runs = editsOf(from, to);
  return runs === null ? null : runs.map(([sign, items]) => [sign, items.join('')]);
}
`;
