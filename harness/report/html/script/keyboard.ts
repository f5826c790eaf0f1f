/** Browser script: keys. They move the focus, so that what they do can be done without them. */
export const keyboardScript = String.raw`
const focused = (selector) => (document.activeElement === null ? null : document.activeElement.closest(selector));
const cardPosition = (card) => first + [...list.children].indexOf(card);

list.addEventListener('focusin', () => {
  const card = focused('article.question');
  if (card !== null) current = cardPosition(card);
});

function step(by) {
  return goTo(focused('article.question') === null && shownCard(current) !== null && by > 0 && current === 0 ? 0 : current + by);
}

/* Between the answers of one card. */
function stepAnswer(by) {
  const card = focused('article.question') || shownCard(current);
  if (card === null) return;
  const answers = [...card.querySelectorAll('.answer')];
  const at = answers.indexOf(focused('.answer'));
  const next = answers[at === -1 ? 0 : Math.min(answers.length - 1, Math.max(0, at + by))];
  if (next !== undefined) next.focus();
}

function toggleIn(selector, scope) {
  const box = focused(scope) || focused('article.question');
  const details = box === null ? null : box.querySelector(selector);
  if (details !== null) details.open = !details.open;
}

function pressIn(selector, scope) {
  const box = focused(scope) || focused('article.question');
  const button = box === null ? null : box.querySelector(selector);
  if (button !== null) button.click();
}

const differences = ['', 'reference', 'answers'];
const keys = {
  j: () => step(1),
  k: () => step(-1),
  g: () => goTo(0),
  G: () => goTo(found.length - 1),
  l: () => stepAnswer(1),
  h: () => stepAnswer(-1),
  p: () => toggleIn('details.prompt', 'article.question'),
  r: () => toggleIn('details.raw-box', '.answer'),
  c: () => pressIn('button.curl', '.answer'),
  d: () => chooseDifference(differences[(differences.indexOf(filter.diff) + 1) % differences.length]),
  '/': () => fields.text.focus(),
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target;
  if (target instanceof Element && target.closest('input, select, textarea')) {
    if (event.key === 'Escape') target.blur();
    return;
  }
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  void keys[event.key]();
});
`;
