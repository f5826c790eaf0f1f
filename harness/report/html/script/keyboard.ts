/** Browser script, last part: keys, the endless list, and the start. */
export const keyboardScript = String.raw`
function step(by) {
  const current = document.activeElement ? document.activeElement.closest('article.question') : null;
  let next = current === null ? list.firstElementChild : by > 0 ? current.nextElementSibling : current.previousElementSibling;
  if (next === null && by > 0 && shown < found.length) {
    showMore();
    next = current.nextElementSibling;
  }
  if (next === null) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'start', behavior: 'instant' });
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target;
  if (target instanceof Element && target.closest('input, select, textarea')) {
    if (event.key === 'Escape') target.blur();
    return;
  }
  if (event.key === 'j') step(1);
  else if (event.key === 'k') step(-1);
  else if (event.key === '/') fields.text.focus();
  else if (event.key === 'p') {
    const card = document.activeElement ? document.activeElement.closest('article.question') : null;
    if (card === null) return;
    const prompt = card.querySelector('details.prompt');
    prompt.open = !prompt.open;
  } else return;
  event.preventDefault();
});

byId('filters').hidden = false;
fillFields();
for (const name of names) {
  if (name !== 'text') fields[name].addEventListener('change', changed);
}
fields.text.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(changed, 150);
});
byId('filters').addEventListener('submit', (event) => event.preventDefault());
byId('f-hidden').addEventListener('change', (event) => {
  reveal = event.target.checked;
  apply();
});
byId('f-clear').addEventListener('click', () => {
  filter = noFilter();
  showFields();
  writeHash();
  apply();
});
more.addEventListener('click', () => {
  budget = shown + unasked;
  showMore();
});
new IntersectionObserver((seen) => {
  if (seen.some((each) => each.isIntersecting) && shown < Math.min(budget, found.length)) showMore();
}, { rootMargin: '800px' }).observe(more);

const goToAnswers = () => byId('answers').scrollIntoView({ block: 'start', behavior: 'instant' });
addEventListener('hashchange', () => {
  if (!readHash()) return;
  apply();
  goToAnswers();
});
const asked = readHash();
apply();
if (asked) goToAnswers();
`;
