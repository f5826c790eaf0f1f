/**
 * pass@k: the chance that at least one of k answers passes, from c passes among n answers to the same question, without
 * bias: 1 - C(n - c, k)/C(n, k) (Chen et al. 2021). A RangeError unless 0 <= c <= n and 1 <= k <= n.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!(c >= 0 && c <= n && k >= 1 && k <= n))
    throw new RangeError(`pass@k needs 0 <= c <= n and 1 <= k <= n, not n ${n}, c ${c}, k ${k}`);
  if (n - c < k) return 1;
  let none = 1;
  for (let drawn = n - c + 1; drawn <= n; drawn += 1) none *= 1 - k / drawn;
  return 1 - none;
}
