/** Browser script, last part: the controls, and what the address asks for. */
export const startScript = String.raw`
/* Draws again where the reader is: the cards are the same, what they show is not. */
async function redraw() {
  const card = [...list.children].find((each) => each.getBoundingClientRect().bottom > 80);
  const position = card === undefined ? first : cardPosition(card);
  const top = card === undefined ? 0 : card.getBoundingClientRect().top;
  const held = focused('article.question') !== null;
  await draw(position);
  const again = shownCard(position);
  if (again !== null && card !== undefined) {
    if (held) again.focus({ preventScroll: true });
    scrollBy({ top: again.getBoundingClientRect().top - top, behavior: 'instant' });
  }
  await keepFilled();
}

async function chooseDifference(value) {
  filter.diff = value;
  showFields();
  writeHash();
  await redraw();
}

let lastApplied = 0;
function searchProgress() {
  if (filter.text.trim() === '') return;
  if (isIndexed() || (last - first < batch && performance.now() - lastApplied > 500)) {
    lastApplied = performance.now();
    void apply();
  } else settle();
}

const buildSearch = () => buildIndex(filter.exact === '1', searchProgress);

async function changed() {
  for (const name of names) filter[name] = valueOf(fields[name]);
  writeHash();
  void buildSearch();
  await apply();
}

let waiting = 0;
fillFields();
for (const name of names) {
  if (name === 'text') continue;
  fields[name].addEventListener('change', () => void (name === 'diff' ? chooseDifference(fields.diff.value) : changed()));
}
fields.text.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => void changed(), 150);
});
byId('filters').addEventListener('submit', (event) => event.preventDefault());
byId('f-hidden').addEventListener('change', (event) => {
  reveal = event.target.checked;
  void redraw();
});
byId('f-clear').addEventListener('click', () => {
  filter = noFilter();
  showFields();
  writeHash();
  void buildSearch();
  void apply();
});
byId('f-at').addEventListener('change', (event) => {
  const wanted = Math.trunc(Number(event.target.value));
  if (wanted >= 1) void goTo(Math.min(wanted, found.length) - 1);
});
more.addEventListener('click', () => {
  budget = last + unasked;
  void keepFilled();
});
earlier.addEventListener('click', () => void growBack());
addEventListener('scroll', () => requestAnimationFrame(() => void keepFilled()), { passive: true });
addEventListener('resize', () => void keepFilled());

const goToAnswers = () => byId('answers').scrollIntoView({ block: 'start', behavior: 'instant' });
async function followHash() {
  const asked = readHash();
  if (asked === null) return;
  void buildSearch();
  await apply();
  if (asked === -1) goToAnswers();
  else await goToCard(asked);
}
addEventListener('hashchange', () => void followHash());

byId('filters').hidden = false;
if (readHash() === null) await apply();
else await followHash();
(globalThis.requestIdleCallback || setTimeout)(() => void buildSearch());
`;
