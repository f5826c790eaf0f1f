/** That text can be read on every colour it stands on, light and dark: WCAG 2.2, level AA. */
import { describe, expect, it } from 'vitest';
import { blockWords } from '../strings.ts';
import { kindOrder } from '../view/kinds.ts';
import { dark, light } from './palette.ts';

type Rgb = readonly [number, number, number];

function colors(theme: string): (name: string) => Rgb {
  const found = new Map(
    [...theme.matchAll(/--([\w-]+): #([\da-f]{6});/gu)].map(([, name = '', hex = '']) => [
      name,
      [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb,
    ]),
  );
  return (name) => {
    const rgb = found.get(name);
    if (rgb === undefined) throw new Error(`no colour ${name}`);
    return rgb;
  };
}

/** Relative luminance of an sRGB colour. */
function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return a.map((value, at) => value * share + (b[at] ?? 0) * (1 - share)) as unknown as Rgb;
}

it('knows the ends of the scale', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 9);
  expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
});

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s theme', (_name, theme) => {
  const color = colors(theme);

  it.each(kindOrder)('a count reads on the bar of %s, and the bar is seen on its ground', (kind) => {
    expect(contrast(color('on-bar'), color(`k-${kind}`))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color(`k-${kind}`), color('card'))).toBeGreaterThanOrEqual(3);
  });

  it('quiet text reads on cards', () => {
    expect(contrast(color('muted'), color('card'))).toBeGreaterThanOrEqual(4.5);
  });

  it('text reads on every step of the heat scale', () => {
    for (let step = 0; step <= 10; step += 1) {
      const ground = mix(color('heat'), color('card'), (2 + step * 5.4) / 100);
      expect(contrast(color('ink'), ground), String(step)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it('gives outcomes of one bar colours of their own', () => {
  for (const { outcomes } of Object.values(blockWords)) {
    const used = Object.values(outcomes).map(({ color }) => color);
    expect(new Set(used).size).toBe(used.length);
  }
});
