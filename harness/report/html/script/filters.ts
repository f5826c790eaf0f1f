/** Browser script: which cards are shown, in which order; the choice lives in the address after `#`. */
export const filtersScript = String.raw`
const names = ['lang', 'suite', 'right', 'wrong', 'status', 'target', 'order', 'diff', 'text', 'exact'];
const fields = Object.fromEntries(names.map((name) => [name, byId('f-' + name)]));
const noFilter = () => Object.fromEntries(names.map((name) => [name, '']));
let filter = noFilter();

const isBox = (field) => field.type === 'checkbox';
const valueOf = (field) => (isBox(field) ? (field.checked ? '1' : '') : field.value);
function setField(field, value) {
  if (isBox(field)) field.checked = value === '1';
  else field.value = value;
}

const targetAt = (id) => data.targets.findIndex((target) => target.id === id);

/* Whether some cell of the card, of the one target where one is named, is as the test says. */
function someCell(card, target, test) {
  for (let cell = firstCell[card]; cell < firstCell[card + 1]; cell += 1) {
    if ((target === -1 || data.cells.target[cell] === target) && test(cell)) return true;
  }
  return false;
}

const hasPassed = (cell) => data.cells.pass[cell] === 1;
const hasFailed = (cell) => data.cells.pass[cell] === 0;

function cellTest(status) {
  if (status === 'passed') return hasPassed;
  if (status === 'failed') return hasFailed;
  if (status === 'silent') return (cell) => silentKinds.includes(data.cells.kind[cell]);
  const kind = kindAt(status);
  return (cell) => data.cells.kind[cell] === kind;
}

/* One function that tells whether a card is shown; names are looked up once, not per card. */
function matcher(chosen, needles) {
  const language = data.languages.findIndex((each) => each[0] === chosen.lang);
  const suite = data.suites.indexOf(chosen.suite);
  const [right, wrong, target] = [chosen.right, chosen.wrong, chosen.target].map(targetAt);
  const test = chosen.status === '' || chosen.status === 'apart' ? null : cellTest(chosen.status);
  return (card) => {
    if (chosen.lang !== '' && data.cards.language[card] !== language) return false;
    if (chosen.suite !== '' && data.cards.suite[card] !== suite) return false;
    if (chosen.right !== '' && !someCell(card, right, hasPassed)) return false;
    if (chosen.wrong !== '' && !someCell(card, wrong, hasFailed)) return false;
    if (chosen.status === 'apart' && far[card] < apartFrom) return false;
    if (test !== null && !someCell(card, target, test)) return false;
    return needles.every((needle) => texts[card].includes(needle));
  };
}

function matching(chosen) {
  const matches = matcher(chosen, needlesOf(chosen.text, chosen.exact === '1'));
  return (chosen.order === 'plan' ? asPlanned : apartFirst).filter(matches);
}

/* Where a card stands, in words that outlive a run: suite, test, language, then variant and repeat where there are any. */
function placeOf(at) {
  const { cards } = data;
  const parts = [data.suites[cards.suite[at]], data.tests[cards.test[at]], data.languages[cards.language[at]][0]];
  const variant = cards.variant[at];
  if (variant !== -1 || cards.repeat[at] > 1) parts.push(variant === -1 ? '' : data.variants[variant]);
  if (cards.repeat[at] > 1) parts.push(String(cards.repeat[at]));
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('/', '%2F')).join('/');
}

function cardAt(place) {
  for (let at = 0; at < cardCount; at += 1) if (placeOf(at) === place) return at;
  return -1;
}

function showFields() {
  for (const name of names) {
    setField(fields[name], filter[name]);
    if (valueOf(fields[name]) !== filter[name]) filter[name] = '';
  }
}

/* The card the address names, or -1; null where the address says nothing of the answers. */
function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  const place = given.get('cell');
  if (place === null && !names.some((name) => given.has(name))) return null;
  filter = noFilter();
  for (const name of names) filter[name] = given.get(name) || '';
  showFields();
  return place === null ? -1 : cardAt(place);
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
  for (const name of ['right', 'wrong', 'target'])
    fields[name].append(option('', words.anyTarget), ...data.targets.map(({ id }) => option(id, id)));
  const present = new Set(data.cells.kind);
  fields.status.append(
    option('', words.statusAll),
    option('apart', words.statusApart),
    option('passed', words.statusPassed),
    option('failed', words.statusFailed),
    option('silent', words.statusSilent),
    el('optgroup', { label: words.byKind }, ...data.kinds.filter((kind, at) => present.has(at)).map((kind) => option(kind[0], kind[1]))),
  );
}
`;
