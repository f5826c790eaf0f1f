import { expect, it } from 'vitest';
import type { Message } from '../types.ts';
import { apiMessages } from './api-messages.ts';

const image = { sha256: 'a1', mediaType: 'image/png', name: 'cat.png', bytes: 3, detail: null } as const;

it('sends plain messages as they are', () => {
  const messages: Message[] = [{ role: 'user', content: '猫を見て。' }];
  expect(apiMessages(messages, {})).toEqual(messages);
});

it('puts each image where it stood', () => {
  const messages: Message[] = [
    {
      role: 'user',
      content: 'انظر \uFFFC ثم \uFFFC',
      images: [image, { ...image, sha256: 'b2', detail: 'low' }],
    },
  ];
  expect(apiMessages(messages, { a1: 'data:1', b2: 'data:2' })).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'انظر ' },
        { type: 'image_url', image_url: { url: 'data:1' } },
        { type: 'text', text: ' ثم ' },
        { type: 'image_url', image_url: { url: 'data:2', detail: 'low' } },
      ],
    },
  ]);
});

it('does not send a question without its image', () => {
  expect(() => apiMessages([{ role: 'user', content: '\uFFFC', images: [image] }], {})).toThrow(/cat\.png/u);
});
