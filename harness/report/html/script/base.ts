/** Browser script: how an element is made. Text enters the page as text nodes only. */
export const baseScript = String.raw`
const byId = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

let reveal = false;
const hiddenCharacters =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/* The characters stay where they are, each in a box of its own: the text of the node equals the text that came. */
function plain(text) {
  if (!reveal) return document.createTextNode(text);
  const parts = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(hiddenCharacters)) {
    parts.append(text.slice(from, match.index));
    const code = 'U+' + match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    parts.append(el('span', { class: 'hid', 'data-code': code }, match[0]));
    from = match.index + match[0].length;
  }
  parts.append(text.slice(from));
  return parts;
}

const bdi = (text, lang) => el('bdi', { dir: 'auto', lang: lang || null }, plain(text));
const passage = (text, lang) => el('div', { class: 'passage', dir: 'auto', lang: lang || null }, plain(text));

function duration(ms) {
  if (ms === null || ms === undefined) return 'n/a';
  return ms < 1000 ? ms + ' ms' : (ms / 1000).toFixed(2) + ' s';
}
const percent = (share) => (100 * share).toFixed(1) + ' %';
`;
