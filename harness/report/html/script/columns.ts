/** Browser script: the index of the cards, and what the outcomes of a card say together. */
export const columnsScript = String.raw`
const words = data.words;
const cardCount = data.cards.suite.length;
const kindAt = (name) => data.kinds.findIndex((kind) => kind[0] === name);
const silentKinds = [kindAt('no-answer'), kindAt('unasked')];

/* Where the cells of a card begin; those of the next card follow. */
const firstCell = new Int32Array(cardCount + 1);
for (let card = 0; card < cardCount; card += 1) firstCell[card + 1] = firstCell[card] + data.cards.cells[card];

/* Scores are whole ten-thousandths: ten points are 1000, with no fraction to lose. */
const apartFrom = 1000;

/* How far apart the targets are on one question: the spread of their scores, above it all when one passed and another did not. */
function distance(card) {
  let low = Infinity;
  let high = -Infinity;
  let passed = false;
  let failed = false;
  let silent = false;
  for (let cell = firstCell[card]; cell < firstCell[card + 1]; cell += 1) {
    const score = data.cells.score[cell];
    if (score >= 0) {
      low = Math.min(low, score);
      high = Math.max(high, score);
    }
    if (data.cells.pass[cell] === 1) passed = true;
    else if (data.cells.pass[cell] === 0) failed = true;
    if (silentKinds.includes(data.cells.kind[cell])) silent = true;
  }
  const spread = high > low ? high - low : 0;
  if (passed && failed) return 20000 + spread;
  return passed && silent ? 15000 : spread;
}

const far = Int32Array.from({ length: cardCount }, (_each, card) => distance(card));
const asPlanned = Int32Array.from({ length: cardCount }, (_each, card) => card);
const apartFirst = asPlanned.slice().sort((a, b) => far[b] - far[a] || a - b);
`;
