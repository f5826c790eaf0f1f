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

function checkLine(finding, question) {
  const [position, state, score, because, evidence] = finding;
  const spec = question.c[position];
  const [name, word, sign] = states[state];
  const metric = spec ? str(spec[1]) : '';
  const type = spec ? str(spec[0]) : '';
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
  const box = passage(text, lang);
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

function said(cell, lang) {
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
  else parts.push(...answerBox(str(cell.a), lang));
  if (cell.tc !== undefined) parts.push(el('p', { class: 'small' }, words.toolCalls), el('pre', { dir: 'ltr' }, plain(str(cell.tc))));
  if (cell.r !== undefined) parts.push(folded(words.reasoning, () => answerBox(str(cell.r), lang)));
  return parts;
}

function facts(cell) {
  const parts = [];
  if (cell.ms) {
    parts.push(words.ttft + ' ' + duration(cell.ms[0]), words.e2e + ' ' + duration(cell.ms[1]));
  }
  if (cell.o !== undefined) parts.push(cell.o + ' ' + words.tokens);
  const line = el('p', { class: 'meta' }, parts.join(' · '));
  const add = (...nodes) => line.append(line.textContent === '' ? '' : ' · ', ...nodes);
  if (cell.fi !== undefined) add(words.finish + ' ', bdi(str(cell.fi)));
  if (cell.n !== undefined) add(cell.n + ' ' + words.attempts);
  for (const flag of cell.fl || []) add(el('code', {}, plain(str(flag))));
  return line;
}

function answerColumn(cell, card, lang) {
  const question = data.questions[cell.q === undefined ? card[5] : cell.q];
  const score = cell.s === undefined ? words.noScore : words.score + ' ' + percent(cell.s);
  return el(
    'div',
    { class: 'answer' },
    el(
      'header',
      {},
      el('h4', {}, el('i', { class: 'dot t' + (cell.t % 6) }), bdi(data.targets[cell.t])),
      chip(cell.k),
      el('span', { class: 'num muted' }, score),
    ),
    ...said(cell, lang),
    el('ul', { class: 'checks' }, ...(cell.c || []).map((finding) => checkLine(finding, question))),
    facts(cell),
  );
}

function promptParts(question, lang) {
  const messages = question.m.flatMap(([role, text]) => [el('p', { class: 'role' }, role), passage(str(text), lang)]);
  const rules = question.c.map(([type, metric, params]) =>
    el('li', {}, el('b', {}, bdi(str(metric))), ' ', el('code', { dir: 'ltr' }, plain(str(type) + ' ' + str(params)))),
  );
  if (rules.length > 0) messages.push(el('p', { class: 'role' }, words.expected), el('ul', { class: 'rules' }, ...rules));
  return messages;
}

function cardNode(entry) {
  const card = entry.card;
  const [suite, test, language, variant, repeat, question, cells] = card;
  const [tag, english, own] = data.languages[language];
  const id = 'card-' + entry.index;
  const title = el(
    'h3',
    { id },
    el('span', { class: 'tag' }, bdi(english), own === null ? null : ' ', own === null ? null : bdi(own, tag)),
    bdi(data.suites[suite]),
    el('span', { class: 'muted' }, ' › '),
    bdi(str(test)),
  );
  if (variant !== -1) title.append(el('span', { class: 'muted' }, ' · ' + words.variant + ' '), bdi(str(variant)));
  if (repeat > 1) title.append(el('span', { class: 'muted' }, ' · ' + words.repeat + ' ' + repeat));
  if (entry.apart) title.append(' ', el('span', { class: 'chip apart' }, words.apart));
  return el(
    'article',
    { class: 'card question', tabindex: '-1', 'aria-labelledby': id, 'data-lang': tag },
    title,
    folded(words.prompt, () => promptParts(data.questions[question], tag), 'prompt'),
    el('div', { class: 'side' }, ...cells.map((cell) => answerColumn(cell, card, tag))),
  );
}
`;
