/** Browser script: which cards are shown, in which order; the choice lives in the address after `#`. */
export const filtersScript = String.raw`
const kindAt = (name) => data.kinds.findIndex((kind) => kind[0] === name);
const silentKinds = [kindAt('no-answer'), kindAt('unasked')];

/* How far apart the targets are on one question: 0 to 1, 2 when one passed and another did not. */
function distance(cells) {
  const scores = cells.map((cell) => cell.s).filter((score) => score !== undefined);
  const spread = scores.length > 1 ? Math.max(...scores) - Math.min(...scores) : 0;
  const passed = cells.some((cell) => cell.p === 1);
  const failed = cells.some((cell) => cell.p === 0);
  const silent = cells.some((cell) => silentKinds.includes(cell.k));
  if (passed && failed) return 2 + spread;
  return passed && silent ? 1.5 : spread;
}

/* Ten points, less what subtracting two decimal fractions can lose: 0.9 - 0.8 is a little under 0.1. */
const apartFrom = 0.1 - 1e-9;

const entries = data.cards.map((card, index) => {
  const far = distance(card[6]);
  return { card, index, far, apart: far >= apartFrom, text: null };
});

const fold = (text) => text.normalize('NFKC').toLowerCase();

function searchText(entry) {
  if (entry.text === null) {
    const [suite, test, , variant, , question, cells] = entry.card;
    const parts = [data.suites[suite], str(test), variant === -1 ? '' : str(variant)];
    for (const message of data.questions[question].m) parts.push(str(message[1]));
    for (const cell of cells) {
      for (const key of ['a', 'r', 'x', 'tc', 'pt']) if (cell[key] !== undefined) parts.push(str(cell[key]));
      if (cell.f) parts.push(str(cell.f[0]), str(cell.f[1]));
      for (const finding of cell.c || []) parts.push(str(finding[3]));
    }
    entry.text = fold(parts.join('\n'));
  }
  return entry.text;
}

const names = ['lang', 'suite', 'status', 'target', 'order', 'text'];
const fields = Object.fromEntries(names.map((name) => [name, byId('f-' + name)]));
const noFilter = () => Object.fromEntries(names.map((name) => [name, '']));
let filter = noFilter();

const statusTests = {
  apart: (entry) => entry.apart,
  passed: (entry, cells) => cells.some((cell) => cell.p === 1),
  failed: (entry, cells) => cells.some((cell) => cell.p === 0),
  silent: (entry, cells) => cells.some((cell) => silentKinds.includes(cell.k)),
};

function matches(entry, needle) {
  const [suite, , language, , , , all] = entry.card;
  if (filter.lang !== '' && data.languages[language][0] !== filter.lang) return false;
  if (filter.suite !== '' && data.suites[suite] !== filter.suite) return false;
  const target = filter.target === '' ? -1 : data.targets.indexOf(filter.target);
  const cells = target === -1 ? all : all.filter((cell) => cell.t === target);
  if (filter.status !== '') {
    const test = Object.hasOwn(statusTests, filter.status) ? statusTests[filter.status] : null;
    const kind = kindAt(filter.status);
    if (test ? !test(entry, cells) : !cells.some((cell) => cell.k === kind)) return false;
  }
  return needle === '' || searchText(entry).includes(needle);
}

/* Cards come in pages; scrolling adds some by itself, then asks, so that the end of the page can be reached. */
const page = 30;
const unasked = 90;
let budget = unasked;
let found = [];
let shown = 0;
const list = byId('cards');
const more = byId('more');

function count() {
  const text = words.showing.replace('{shown}', String(shown)).replace('{found}', String(found.length));
  byId('count').textContent = found.length === 0 ? words.none : text.replace('{all}', String(entries.length));
  more.hidden = shown >= found.length;
}

function showMore() {
  const next = found.slice(shown, shown + page);
  shown += next.length;
  list.append(...next.map(cardNode));
  count();
}

function apply() {
  const needle = fold(filter.text.trim());
  found = entries.filter((entry) => matches(entry, needle));
  if (filter.order === 'apart') found.sort((a, b) => b.far - a.far || a.index - b.index);
  shown = 0;
  budget = unasked;
  list.replaceChildren();
  showMore();
}

function showFields() {
  for (const name of names) {
    if (fields[name].value !== filter[name]) fields[name].value = filter[name];
    if (fields[name].value !== filter[name]) filter[name] = '';
  }
}

function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!names.some((name) => given.has(name))) return false;
  filter = noFilter();
  for (const name of names) filter[name] = given.get(name) || '';
  showFields();
  return true;
}

function writeHash() {
  const set = names.filter((name) => filter[name] !== '').map((name) => [name, filter[name]]);
  history.replaceState(null, '', '#' + (set.length === 0 ? 'answers' : new URLSearchParams(set).toString()));
}

function option(value, text) {
  return el('option', { value }, text);
}

function fillFields() {
  fields.lang.append(
    option('', words.allLanguages),
    ...data.languages.map(([tag, english, own]) => option(tag, own === null ? english : english + ' – ' + own)),
  );
  fields.suite.append(option('', words.allSuites), ...data.suites.map((name) => option(name, name)));
  fields.target.append(option('', 'any'), ...data.targets.map((name) => option(name, name)));
  const present = new Set(data.cards.flatMap((card) => card[6].map((cell) => cell.k)));
  fields.status.append(
    option('', words.statusAll),
    option('apart', words.statusApart),
    option('passed', words.statusPassed),
    option('failed', words.statusFailed),
    option('silent', words.statusSilent),
    el('optgroup', { label: words.byKind }, ...data.kinds.filter((kind, at) => present.has(at)).map((kind) => option(kind[0], kind[1]))),
  );
}

let waiting = 0;
function changed() {
  for (const name of names) filter[name] = fields[name].value;
  writeHash();
  apply();
}
`;
