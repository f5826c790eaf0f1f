/** Browser script: the request and the record of one answer, made when asked for. */
export const rawScript = String.raw`
const clockPoints = ['tCall', 't0', 'tHdr', 'tEvt1', 'tOut1', 'tAns1', 'tLast', 'tDone'];
const written = clockPoints.indexOf('t0');

function requestOf(view, cell, target) {
  const request = JSON.parse(view.str(cell.rq === undefined ? view.request : cell.rq));
  return bodyOf(data.targets[target], questionOf(view, cell), request, view.block.strings);
}

function factTable(caption, lines) {
  const rows = lines.map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', { class: 'num' }, value)));
  return el('table', { class: 'raw' }, el('caption', {}, caption), el('tbody', {}, ...rows));
}

/* Clock points from the moment the request was written, which is where every time of the page begins. */
function clockLines(at) {
  const from = at[written] === null ? 0 : at[written];
  return clockPoints.map((name, index) => [words.clock[name], at[index] === null ? '–' : ((at[index] - from) / 10).toFixed(1) + ' ms']);
}

function recordLines(view, cell) {
  const [http, chunks, reads, bytes, concurrency, block] = cell.w;
  const [prompt, completion, reasoning, cached] = cell.u;
  const lines = [
    [words.http, http],
    [words.record.promptTokens, prompt],
    [words.record.completionTokens, completion],
    [words.record.reasoningTokens, reasoning],
    [words.record.cachedTokens, cached],
    [words.record.chunks, chunks],
    [words.record.reads, reads],
    [words.record.bytes, bytes],
    [words.record.concurrency, concurrency],
    [words.record.block, block],
  ];
  const known = lines.map(([name, value]) => [name, value === null ? '–' : String(value)]);
  if (cell.me !== undefined) known.push([words.record.model, bdi(view.str(cell.me))]);
  return known;
}

function rawParts(view, cell, target) {
  const parts = [el('pre', { dir: 'ltr' }, plain(jsonText(requestOf(view, cell, target), 2)))];
  if (cell.at) {
    parts.push(
      el('div', { class: 'records' }, factTable(words.clockCaption, clockLines(cell.at)), factTable(words.recordCaption, recordLines(view, cell))),
    );
  }
  parts.push(el('p', { class: 'meta' }, words.record.key + ' ', el('code', {}, plain(cell.k))));
  return parts;
}

async function copyCurl(view, cell, target, button) {
  const done = await copyText(curlOf(data.targets[target], requestOf(view, cell, target)));
  button.textContent = done ? words.copied : words.notCopied;
}

function rawBox(view, cell, target) {
  const button = el('button', { type: 'button', class: 'quiet curl' }, words.copyCurl);
  button.addEventListener('click', () => void copyCurl(view, cell, target, button));
  return el('div', { class: 'more-row' }, folded(words.raw, () => rawParts(view, cell, target), 'raw-box'), button);
}
`;
