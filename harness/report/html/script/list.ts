/**
 * Browser script: the list of cards. Of all that were found only a window stands in the document, a few screens around
 * the reader; what was scrolled past leaves its height behind, so that nothing jumps. The page grows by some screens of
 * cards by itself and then asks, so that its end can be reached.
 */
export const listScript = String.raw`
const batch = 8;
const mostCards = 40;
const unasked = 90;
/* How far beyond the screen cards are made, and how far beyond it they may go, px. */
const ahead = 1200;
const behind = 2400;

const list = byId('cards');
const above = byId('above');
const more = byId('more');
const earlier = byId('earlier');

let found = asPlanned;
/* Positions in found: where the list began, and what of it stands in the document. */
let start = 0;
let first = 0;
let last = 0;
let budget = unasked;
let current = 0;
/* Heights of the cards scrolled past, from start to first. */
let passed = [];
/* A newer drawing ends an older one. */
let drawing = 0;

async function nodesOf(from, to) {
  const positions = Array.from({ length: Math.max(0, to - from) }, (_each, index) => from + index);
  return Promise.all(
    positions.map(async (position) => {
      const at = found[position];
      return cardNode(cardView(await blockAt(Math.floor(at / data.cardsPerBlock)), at));
    }),
  );
}

function settle() {
  const height = passed.reduce((sum, each) => sum + each, 0);
  above.hidden = height === 0;
  above.style.height = height + 'px';
  more.hidden = last >= found.length;
  earlier.hidden = start === 0 || first > start;
  byId('count').textContent = countText();
}

function countText() {
  if (filter.text.trim() !== '' && !isIndexed()) {
    return words.searching.replace('{share}', String(Math.floor((100 * index.blocks) / blockCount)));
  }
  if (found.length === 0) return words.none;
  return words.showing.replace('{found}', String(found.length)).replace('{all}', String(cardCount));
}

/* Does something above the screen without moving what is on it. */
function inPlace(change) {
  const anchor = [...list.children].find((card) => card.getBoundingClientRect().bottom > 0);
  const before = anchor === undefined ? 0 : anchor.getBoundingClientRect().top;
  change();
  if (anchor === undefined || !anchor.isConnected) return;
  const moved = anchor.getBoundingClientRect().top - before;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: 'instant' });
}

function dropTop() {
  let height = 0;
  while (list.children.length > mostCards) {
    const [card, next] = list.children;
    if (card.contains(document.activeElement) || next.getBoundingClientRect().top > -behind) break;
    height = next.getBoundingClientRect().top - card.getBoundingClientRect().top;
    card.remove();
    passed.push(height);
    first += 1;
    above.hidden = false;
    above.style.height = passed.reduce((sum, each) => sum + each, 0) + 'px';
  }
}

function dropBottom() {
  while (list.children.length > mostCards) {
    const card = list.lastElementChild;
    if (card.contains(document.activeElement) || card.getBoundingClientRect().top < innerHeight + behind) break;
    card.remove();
    last -= 1;
  }
}

async function grow() {
  const to = Math.min(found.length, last + batch);
  const turn = drawing;
  const nodes = await nodesOf(last, to);
  if (turn !== drawing) return;
  last = to;
  list.append(...nodes);
  inPlace(dropTop);
  settle();
}

async function growBack() {
  const from = Math.max(0, first - batch);
  const turn = drawing;
  const nodes = await nodesOf(from, first);
  if (turn !== drawing) return;
  inPlace(() => {
    first = from;
    start = Math.min(start, from);
    passed.length = first - start;
    list.prepend(...nodes);
    settle();
  });
  dropBottom();
  settle();
}

/* From one position on; what was there goes. */
async function draw(from) {
  drawing += 1;
  const turn = drawing;
  list.setAttribute('aria-busy', 'true');
  const to = Math.min(found.length, from + batch);
  const nodes = await nodesOf(from, to);
  if (turn !== drawing) return;
  start = from;
  first = from;
  last = to;
  budget = from + unasked;
  passed = [];
  list.replaceChildren(...nodes);
  settle();
  list.setAttribute('aria-busy', 'false');
}

/* The reader is inside what was scrolled past: the card that was there. */
function positionInPassed() {
  let top = above.getBoundingClientRect().top;
  let position = start;
  while (position < first - 1 && top + passed[position - start] < 0) {
    top += passed[position - start];
    position += 1;
  }
  return position;
}

async function fill() {
  const box = above.getBoundingClientRect();
  if (!above.hidden && box.top < 0 && box.bottom > innerHeight) {
    const position = positionInPassed();
    const [begin, heights] = [start, passed.slice(0, position - start)];
    const offset = above.getBoundingClientRect().top + heights.reduce((sum, each) => sum + each, 0);
    await draw(position);
    start = begin;
    passed = heights;
    settle();
    const card = list.firstElementChild;
    if (card !== null) scrollBy({ top: card.getBoundingClientRect().top - offset, behavior: 'instant' });
    return true;
  }
  if (first > start && above.getBoundingClientRect().bottom > -ahead) {
    await growBack();
    return true;
  }
  if (last < Math.min(found.length, budget) && list.getBoundingClientRect().bottom < innerHeight + ahead) {
    await grow();
    return true;
  }
  return false;
}

let filling = false;
async function keepFilled() {
  if (filling) return;
  filling = true;
  try {
    while (await fill());
  } finally {
    filling = false;
  }
}

async function apply() {
  found = matching(filter);
  current = 0;
  await draw(0);
  await keepFilled();
}

const shownCard = (position) => list.children[position - first] || null;

/* Puts the reader on one card, drawing from there when it is not in the document. */
async function goTo(position) {
  if (position < 0 || position >= found.length) return;
  current = position;
  while (position === last && last > first) await grow();
  if (position === first - 1) await growBack();
  if (shownCard(position) === null) await draw(position);
  const card = shownCard(position);
  if (card === null) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'start', behavior: 'instant' });
  await keepFilled();
}

/* A card by its place in the columns; filters that hide it go. */
async function goToCard(at) {
  if (!found.includes(at)) {
    filter = { ...noFilter(), diff: filter.diff, order: filter.order };
    showFields();
    found = matching(filter);
  }
  await goTo(found.indexOf(at));
}
`;
