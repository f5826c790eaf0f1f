/** Messages as the API wants them: an image takes its place among the texts as a data URL. */
import type { Message } from '../types.ts';

/** Stands in a text for the next image of its message. */
const imageMark = '\uFFFC';

/** @throws Error for an image whose bytes are not at hand: the suite was changed under the run. */
export function apiMessages(
  messages: readonly Message[],
  urls: Readonly<Record<string, string>>,
): readonly object[] {
  return messages.map((message) => (message.images === undefined ? message : withParts(message, urls)));
}

function withParts({ role, content, images = [] }: Message, urls: Readonly<Record<string, string>>): object {
  const parts: object[] = [];
  for (const [index, text] of content.split(imageMark).entries()) {
    const image = index === 0 ? undefined : images[index - 1];
    if (image !== undefined) {
      const url = Object.hasOwn(urls, image.sha256) ? urls[image.sha256] : undefined;
      if (url === undefined) throw new Error(`the image ${image.name} of this question is not at hand`);
      parts.push({
        type: 'image_url',
        image_url: { url, ...(image.detail === null ? {} : { detail: image.detail }) },
      });
    }
    if (text !== '') parts.push({ type: 'text', text });
  }
  return { role, content: parts };
}
