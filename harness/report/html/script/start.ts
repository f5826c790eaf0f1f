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

/* The list grows while somebody passes it, so a section below it has moved by the time it is reached. */
async function reach(section) {
  let before = null;
  for (let tries = 0; tries < 120; tries += 1) {
    section.scrollIntoView({ block: 'start', behavior: 'instant' });
    await keepFilled();
    await new Promise((done) => requestAnimationFrame(done));
    const { top } = section.getBoundingClientRect();
    if (!filling && top === before) return;
    before = top;
  }
}
const sectionOf = (hash) => {
  const node = /^#[a-z]+$/u.test(hash) ? byId(hash.slice(1)) : null;
  return node !== null && node.tagName === 'SECTION' ? node : null;
};
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  const section = link === null ? null : sectionOf(link.getAttribute('href'));
  if (section === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', link.getAttribute('href'));
  void reach(section);
});
addEventListener('popstate', () => {
  const section = sectionOf(location.hash);
  if (section !== null) void reach(section);
});

byId('filters').hidden = false;
if (readHash() === null) await apply();
else await followHash();
if (sectionOf(location.hash) !== null) await reach(sectionOf(location.hash));
(globalThis.requestIdleCallback || setTimeout)(() => void buildSearch());
`;
