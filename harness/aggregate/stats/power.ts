import { normalQuantile } from './special-functions.ts';

/** z(0.975) + z(0.80) = 2.801585: two-sided test at 5 %, power 80 %. */
const detectable = normalQuantile.p975 + normalQuantile.p80;

/** The smallest true difference that a test with this standard error finds in four of five runs. */
export function minimumDetectable(se: number): number {
  return detectable * se;
}
