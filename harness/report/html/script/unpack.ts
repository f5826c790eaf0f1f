/** Browser script: the data, unpacked piece by piece. A block that is not looked at costs its base64 and no more. */
export const unpackScript = String.raw`
async function unpack(id) {
  const letters = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text());
}

/* Blocks in memory, the one looked at last at the end. */
const kept = 48;
const blocks = new Map();

function blockAt(position) {
  const block = blocks.get(position) || unpack('block-' + position);
  blocks.delete(position);
  blocks.set(position, block);
  if (blocks.size > kept) blocks.delete(blocks.keys().next().value);
  return block;
}
`;
