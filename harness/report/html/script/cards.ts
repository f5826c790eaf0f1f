/** Browser script: one card per question, the targets' answers next to each other. */
export const cardsScript = String.raw`
function chip(kind) {
  const [name, word] = data.kinds[kind];
  return el('span', { class: 'chip k-' + name }, word);
}

function folded(summary, build, className) {
  const box = el('details', { class: className }, el('summary', {}, summary));
  box.addEventListener('toggle', () => {
    if (box.open && box.childElementCount === 1) box.append(...build());
  });
  return box;
}

const states = [
  ['fail', words.fail, '✗'],
  ['pass', words.pass, '✓'],
  ['scored', words.scored, '≈'],
  ['not-applicable', words.notApplicable, '–'],
  ['check-error', words.checkError, '!'],
  ['no-answer', words.noAnswer, '∅'],
];

/* All that is needed to draw one card: its texts, its places in the columns, its language. */
function cardView(block, at) {
  const [question, request, metadata, cells] = block.cards[at % data.cardsPerBlock];
  const { cards } = data;
  return {
    at,
    block,
    str: (position) => block.strings[position],
    question,
    request,
    metadata,
    cells,
    lang: data.languages[cards.language[at]][0],
    suite: data.suites[cards.suite[at]],
    test: data.tests[cards.test[at]],
    variant: cards.variant[at] === -1 ? null : data.variants[cards.variant[at]],
    repeat: cards.repeat[at],
  };
}

function checkLine(view, finding, question) {
  const { str } = view;
  const [position, state, score, because, evidence] = finding;
  const spec = question.c[position];
  const [name, word, sign] = states[state];
  const type = spec ? str(spec[0]) : '';
  const metric = spec ? str(spec[1]) : '';
  const line = el(
    'li',
    { class: 'check ' + name },
    el('span', { class: 'mark' }, el('span', { 'aria-hidden': 'true' }, sign), ' ' + word),
    ' ',
    el('b', {}, bdi(metric)),
    metric === type ? null : el('span', { class: 'muted' }, ' (', bdi(type), ')'),
    score === null || (state < 2 && (score === 0 || score === 1)) ? null : ' ' + percent(score),
    ': ',
    bdi(str(because)),
  );
  if (evidence !== undefined) {
    line.append(' ', folded(words.evidence, () => [el('pre', { dir: 'ltr' }, plain(str(evidence)))], 'tiny'));
  }
  return line;
}

const longAnswer = (text) => text.length > 900 || text.split('\n').length > 16;

function answerBox(text, lang) {
  return clamped(passage(text, lang), text);
}

function clamped(box, text) {
  if (!longAnswer(text)) return [box];
  box.classList.add('clamped');
  const button = el('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false' }, words.showAll);
  button.addEventListener('click', () => {
    const open = !box.classList.toggle('clamped');
    button.setAttribute('aria-expanded', String(open));
    button.textContent = open ? words.showLess : words.showAll;
  });
  return [box, button];
}

function said(view, cell) {
  const { str, lang } = view;
  const parts = [];
  if (cell.f) {
    const [code, message, http] = cell.f;
    const status = http === null ? '' : ' · ' + words.http + ' ' + http;
    parts.push(el('p', { class: 'failure' }, el('code', {}, plain(str(code))), status, ': ', bdi(str(message))));
    if (cell.pt !== undefined) parts.push(folded(words.partial, () => answerBox(str(cell.pt), lang)));
    return parts;
  }
  if (cell.a === undefined) return [el('p', { class: 'muted' }, words.neverAsked)];
  if (cell.x !== undefined) parts.push(el('p', { class: 'small' }, words.refusal + ': ', bdi(str(cell.x), lang)));
  if (str(cell.a) === '') parts.push(el('p', { class: 'muted' }, words.nothing));
  else parts.push(...(differenceBox(view, cell) || answerBox(str(cell.a), lang)));
  if (cell.tc !== undefined) parts.push(el('p', { class: 'small' }, words.toolCalls), el('pre', { dir: 'ltr' }, plain(str(cell.tc))));
  if (cell.r !== undefined) parts.push(folded(words.reasoning, () => answerBox(str(cell.r), lang)));
  return parts;
}

function facts(view, cell) {
  const { str } = view;
  const parts = [];
  if (cell.ms) {
    parts.push(words.ttft + ' ' + duration(cell.ms[0]), words.e2e + ' ' + duration(cell.ms[1]));
  }
  if (cell.u && cell.u[1] !== null) parts.push(cell.u[1] + ' ' + words.tokens);
  const line = el('p', { class: 'meta' }, parts.join(' · '));
  const add = (...nodes) => line.append(line.textContent === '' ? '' : ' · ', ...nodes);
  if (cell.fi !== undefined) add(words.finish + ' ', bdi(str(cell.fi)));
  if (cell.n !== undefined) add(cell.n + ' ' + words.attempts);
  for (const flag of cell.fl || []) add(el('code', {}, plain(str(flag))));
  return line;
}

const questionOf = (view, cell) => view.block.questions[cell.q === undefined ? view.question : cell.q];

function answerColumn(view, cell, position) {
  const { target, kind, score } = Object.fromEntries(
    ['target', 'kind', 'score'].map((name) => [name, data.cells[name][position]]),
  );
  const { id } = data.targets[target];
  return el(
    'div',
    { class: 'answer', role: 'group', tabindex: '-1', 'aria-label': id },
    el(
      'header',
      {},
      el('h4', {}, el('i', { class: 'dot t' + (target % 6) }), bdi(id)),
      chip(kind),
      el('span', { class: 'num muted' }, score < 0 ? words.noScore : words.score + ' ' + percent(score / 10000)),
    ),
    ...said(view, cell),
    el('ul', { class: 'checks' }, ...(cell.c || []).map((finding) => checkLine(view, finding, questionOf(view, cell)))),
    facts(view, cell),
    rawBox(view, cell, target),
  );
}

function promptParts(view) {
  const { str, lang } = view;
  const question = view.block.questions[view.question];
  const messages = question.m.flatMap(([role, text]) => [el('p', { class: 'role' }, role), passage(str(text), lang)]);
  const rules = question.c.map(([type, metric, params]) =>
    el('li', {}, el('b', {}, bdi(str(metric))), ' ', el('code', { dir: 'ltr' }, plain(str(type) + ' ' + str(params)))),
  );
  if (rules.length > 0) messages.push(el('p', { class: 'role' }, words.expected), el('ul', { class: 'rules' }, ...rules));
  if (str(view.metadata) !== '{}') messages.push(el('p', { class: 'role' }, words.metadata), el('pre', { dir: 'ltr' }, plain(str(view.metadata))));
  return messages;
}

function referenceBox(view) {
  const found = referencesOf(view);
  if (found.length === 0) return null;
  return el(
    'div',
    { class: 'references' },
    el('p', { class: 'role' }, words.reference),
    ...found.flatMap(({ metric, text, isJson }) => {
      const box = isJson ? el('pre', { dir: 'ltr' }, plain(text)) : passage(text, view.lang);
      return [el('div', { class: 'reference' }, el('span', { class: 'muted small' }, bdi(metric)), ...clamped(box, text))];
    }),
  );
}

function cardNode(view) {
  const { at, lang, suite, test, variant, repeat, cells } = view;
  const [, english, own] = data.languages[data.cards.language[at]];
  const id = 'card-' + at;
  const title = el(
    'h3',
    { id },
    el('span', { class: 'tag' }, bdi(english), own === null ? null : ' ', own === null ? null : bdi(own, lang)),
    bdi(suite),
    el('span', { class: 'muted' }, ' › '),
    bdi(test),
  );
  if (variant !== null) title.append(el('span', { class: 'muted' }, ' · ' + words.variant + ' '), bdi(variant));
  if (repeat > 1) title.append(el('span', { class: 'muted' }, ' · ' + words.repeat + ' ' + repeat));
  if (far[at] >= apartFrom) title.append(' ', el('span', { class: 'chip apart' }, words.apart));
  title.append(' ', el('a', { class: 'permalink', href: '#' + new URLSearchParams({ cell: placeOf(at) }), 'aria-label': words.link }, '#'));
  return el(
    'article',
    { class: 'card question', tabindex: '-1', 'aria-labelledby': id, 'data-lang': lang, 'data-at': String(at) },
    title,
    folded(words.prompt, () => promptParts(view), 'prompt'),
    referenceBox(view),
    el('div', { class: 'side' }, ...cells.map((cell, index) => answerColumn(view, cell, firstCell[at] + index))),
  );
}
`;
