/** Words and signs that join a second label to the first: an answer of two labels chooses nothing. */

/** Of all languages at once: models answer in one and join in another. */
const words =
  'or and oder und o y u ou et e of en eller och lub albo i или либо и або та veya ve au na hoặc và atau dan ή και ' +
  'או أو او و یا या और অথবা বা এবং ও அல்லது లేదా ወይም እና';
/** Of languages that need no space before them. */
const leaning = '或 或者 还是 和 与 か と または もしくは や หรือ และ ឬ 또는 혹은 이나 와 과';

const pattern = new RegExp(
  String.raw`[\p{Zs}\t]{0,4}(?:[,，/&+、،፣]|(?<=[\p{Zs}\p{P}])(?:${anyOf(words)})|(?:${anyOf(leaning)}))[\p{Zs}\t]{0,4}`,
  'uy',
);

/** Where a connector that starts at a place ends, the spaces around it included; null without one. */
export function connectorEnd(text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function anyOf(list: string): string {
  return list
    .split(' ')
    .toSorted((a, b) => b.length - a.length)
    .join('|');
}
