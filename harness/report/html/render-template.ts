/**
 * The door to the template engine, set for pages: everything is escaped, a missing name throws, no helper but if,
 * unless, each and with. Ready-made parts (charts, data, style) replace `<!--part:NAME-->` marks afterwards: the mark
 * cannot come out of data, since the engine escapes its first character.
 */
import Handlebars from 'handlebars';
import { partials } from './templates/partials.ts';

const engine = Handlebars.create();
for (const [name, source] of Object.entries(partials)) engine.registerPartial(name, source);

/** HTML from a template of ours; `parts` are finished HTML. */
export function renderTemplate(
  source: string,
  view: object,
  parts: Readonly<Record<string, string>> = {},
): string {
  const template = engine.compile<object>(source, {
    strict: true,
    noEscape: false,
    knownHelpersOnly: true,
    knownHelpers: { log: false, lookup: false, blockHelperMissing: false, helperMissing: false },
  });
  return template(view).replaceAll(/<!--part:([\w-]+)-->/gu, (_found, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`template: no part ${name}`);
    return part;
  });
}
