/** Browser script: the request as it was planned, and the same as a command for a shell. */
export const requestScript = String.raw`
/* Inside single quotes a POSIX shell reads nothing, and a quote ends them. */
const shellQuote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

/* Escaped, so that what is pasted into a terminal moves no cursor and hides nothing; JSON reads the same. */
const unseen =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;
const jsonText = (value, indent) =>
  JSON.stringify(value, null, indent).replace(unseen, (found) =>
    Array.from({ length: found.length }, (_each, at) => '\\u' + found.charCodeAt(at).toString(16).padStart(4, '0')).join(''),
  );

function bodyOf(target, question, request, strings) {
  const messages = question.m.map(([role, text]) => ({ role, content: strings[text] }));
  return { model: target.model, messages, ...request };
}

/* The name of the variable, never a key: the report has none. */
const isVariable = (name) => typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

function curlOf(target, body) {
  const isAddress = /^https?:\/\//.test(target.endpoint);
  const address = isAddress ? shellQuote(target.endpoint.replace(/\/+$/, '') + '/chat/completions') : '"$BASE_URL/chat/completions"';
  const lines = ['curl ' + address, "-H 'Content-Type: application/json'"];
  if (isVariable(target.apiKeyEnv)) lines.push('-H "Authorization: Bearer $' + target.apiKeyEnv + '"');
  lines.push('--data-raw ' + shellQuote(jsonText(body)));
  return lines.join(' \\\n  ');
}

/* true when the text lies in the clipboard. Pages from a disk may not have one. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el('textarea', { class: 'sr', 'aria-hidden': 'true', tabindex: '-1' });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}
`;
