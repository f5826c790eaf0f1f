/** A message as a reader sees it: an image by its name, at its place. */
import type { Message } from '../types.ts';

export function promptText({ content, images = [] }: Message): string {
  let next = 0;
  return content.replaceAll('\uFFFC', (mark) => {
    const image = images[next];
    next += 1;
    return image === undefined ? mark : `[${image.name}, ${image.mediaType}]`;
  });
}
