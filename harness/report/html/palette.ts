/** Colours: of the ground, of the targets, of the outcomes, of the heat scale; light and dark. Text on any of them reads. */
import { kindOrder } from '../view/kinds.ts';

export const light = `
  --page: #f6f7f9; --card: #ffffff; --sunk: #f1f3f6; --ink: #17202b; --muted: #556170; --line: #dfe4ea; --accent: #1a5fb4;
  --heat: #1d8ba0; --band: #e6ebf2; --on-bar: #ffffff; --warn: #fff4d6; --warn-line: #d9a400; --warn-ink: #4a3800;
  --bad: #b3261e; --good: #17734c;
  --t-0: #a94a06; --t-1: #1461b8; --t-2: #7438a8; --t-3: #0c6f60; --t-4: #a72760; --t-5: #5a680e;
  --l-equivalent: #3d5a80; --l-inconclusive: #5f6b79; --l-too-few: #5f6b79;
  --k-passed: #17734c; --k-scored-only: #4b742c; --k-wrong-answer: #bd3427; --k-wrong-language: #8a3fa6;
  --k-invalid-json: #a04f08; --k-truncated: #7d6400; --k-refusal: #ab285f; --k-empty: #77665a; --k-check-error: #3b4a63;
  --k-not-applicable: #4d7286; --k-observed: #2f6ab3; --k-no-answer: #14181f; --k-unasked: #6b7683;
`;

export const dark = `
  --page: #0f141a; --card: #171e26; --sunk: #10161d; --ink: #e6ebf1; --muted: #9fadbc; --line: #2b3743; --accent: #84b6ff;
  --heat: #2ba3ba; --band: #222d39; --on-bar: #0d1218; --warn: #33290d; --warn-line: #b98c0b; --warn-ink: #ffe8ac;
  --bad: #ff8a7d; --good: #57cb96;
  --t-0: #f2a765; --t-1: #7db8ff; --t-2: #cba4ff; --t-3: #5ccfba; --t-4: #ff96bd; --t-5: #c5d45f;
  --l-equivalent: #a9c1e0; --l-inconclusive: #9fadbc; --l-too-few: #9fadbc;
  --k-passed: #57cb96; --k-scored-only: #a3cf70; --k-wrong-answer: #ff8072; --k-wrong-language: #cd9bf0;
  --k-invalid-json: #f2a765; --k-truncated: #e0c04b; --k-refusal: #ff96bd; --k-empty: #c6af9f; --k-check-error: #93a5c0;
  --k-not-applicable: #92bcd0; --k-observed: #84b6ff; --k-no-answer: #edf1f5; --k-unasked: #8793a0;
`;

/** Paler bars, so that the whiskers on them can be seen. */
export const soft = [0, 1, 2, 3, 4, 5]
  .map((index) => `--s-${index}: color-mix(in srgb, var(--t-${index}) 62%, var(--card));`)
  .join(' ');

function heatSteps(): string {
  const steps = Array.from({ length: 11 }, (_each, step) => step);
  const shade = (step: number) =>
    `background: color-mix(in srgb, var(--heat) ${Math.round(2 + step * 5.4)}%, var(--card));`;
  return steps
    .map(
      (step) =>
        `#by-score:checked ~ .matrices td.s${step}, #by-pass:checked ~ .matrices td.p${step}, .h${step} { ${shade(step)} }`,
    )
    .join('\n');
}

export const heat = heatSteps();

export const tones = [0, 1, 2, 3, 4, 5]
  .map(
    (index) =>
      `figcaption .dot.t${index} { background: var(--s-${index}); } .dot.t${index} { background: var(--t-${index}); } .chip.t${index} { --tone: var(--t-${index}); }`,
  )
  .join('\n');

export const kinds = kindOrder
  .map(
    (kind) =>
      `.dot.k-${kind} { background: var(--k-${kind}); } .chip.k-${kind} { background: var(--k-${kind}); color: var(--on-bar); border-color: transparent; }`,
  )
  .join('\n');
