/** Parameters of the checks that read an answer: what may be one or several, and lists that hold texts. */
import type { JsonObject } from '../../types.ts';

/** The numbers and texts of `value`, one or several. */
export function valuesOf(params: JsonObject): readonly (number | string)[] {
  const value = params['value'];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is number | string => typeof one === 'number' || typeof one === 'string');
}

/** The texts of a list; none for anything else. */
export function stringsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
}
