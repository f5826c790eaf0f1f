/** Browser script: the folded text of every card, made in the background, block by block. */
export const searchScript = String.raw`
/* What is searched: names, messages, answers, failures, and what the checks said. */
function searchText(block, card, at) {
  const [question, , , cells] = card;
  const str = (position) => block.strings[position];
  const variant = data.cards.variant[at];
  const parts = [data.suites[data.cards.suite[at]], data.tests[data.cards.test[at]]];
  if (variant !== -1) parts.push(data.variants[variant]);
  for (const message of block.questions[question].m) parts.push(str(message[1]));
  for (const cell of cells) {
    for (const key of ['a', 'r', 'x', 'tc', 'pt']) if (cell[key] !== undefined) parts.push(str(cell[key]));
    if (cell.f) parts.push(str(cell.f[0]), str(cell.f[1]));
    for (const finding of cell.c || []) parts.push(str(finding[3]));
  }
  return parts.join('\n');
}

const texts = new Array(cardCount).fill('');
const blockCount = Math.ceil(cardCount / data.cardsPerBlock);
const index = { exact: null, blocks: 0, run: 0 };

const isIndexed = () => index.blocks === blockCount;

/* A new call ends the one under way. 'onProgress' hears of every block. */
async function buildIndex(exact, onProgress) {
  if (index.exact === exact) return;
  index.exact = exact;
  index.blocks = 0;
  index.run += 1;
  const { run } = index;
  texts.fill('');
  for (let position = 0; position < blockCount; position += 1) {
    const block = await unpack('block-' + position);
    if (index.run !== run) return;
    const from = position * data.cardsPerBlock;
    block.cards.forEach((card, at) => {
      texts[from + at] = fold(searchText(block, card, from + at), exact);
    });
    index.blocks = position + 1;
    onProgress();
  }
}
`;
