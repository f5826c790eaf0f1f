/**
 * Keys in the memory of this process. Wherever one is printed, logged or made into JSON by mistake, `[secret]` stands in
 * its place; and whatever is said to a person loses the keys that are held.
 */
import { inspect } from 'node:util';
import { maskKeys } from '../record/key-shapes.ts';
import { redactor } from '../record/redact.ts';

const shown = '[secret]';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The key itself: for the header it goes into, and for looking for it in texts. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}

/** The keys of targets, by target id. */
export type Keys = ReadonlyMap<string, Secret>;

const held = new Set<string>();
let cut = redactor([]);

/** From now on nothing that is written down or said holds this value. */
export function hold(value: string): Secret {
  held.add(value);
  cut = redactor([...held]);
  return new Secret(value);
}

/** Whether there is anything to cut out. */
export const holdsAny = (): boolean => held.size > 0;

export const isHeld = (value: string): boolean => held.has(value);

/** A text without any secret that is held: for records, answers included. */
export const withoutSecrets = (text: string): string => cut(text);

/** For people and logs: what looks like somebody else's key goes too. */
export const fitToSay = (text: string): string => maskKeys(cut(text));
