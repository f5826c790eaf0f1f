import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../fixtures/security/ci-runner.ts';
import {
  commandTexts,
  formulaTexts,
  harmless,
  terminalTexts,
  xmlTexts,
} from '../../fixtures/security/texts.ts';
import { fitForLog, quotedLines, safeJson, safeLine, safeText } from './terminal.ts';

const hostile = [...terminalTexts, ...commandTexts, ...formulaTexts, ...xmlTexts];

/** What a terminal acts on, and what shows other than it is; written out again, so that a slip in the filter shows. */
function active(text: string): string[] {
  return Array.from(text).filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (
      (code < 0x20 && code !== 0x0a && code !== 0x09) ||
      (code >= 0x7f && code <= 0x9f) ||
      (code >= 0x202a && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069) ||
      [0x200b, 0x2028, 0x2029, 0x2060, 0xfeff].includes(code) ||
      (code >= 0xd800 && code <= 0xdfff) ||
      (code >= 0xe0000 && code <= 0xe007f)
    );
  });
}

describe('the table of hostile texts', () => {
  it('is worth its name', () => {
    expect(terminalTexts.filter((text) => active(text).length === 0)).toEqual([]);
    expect(commandTexts.filter((text) => commandsIn(text).length === 0)).toEqual([
      // Nothing but what the filter must not lay bare.
      '\u200b::error::after nothing',
      '\u001b[0m::error::after a colour',
    ]);
  });
});

describe('what is said', () => {
  /** Those of the texts of which what is said is at fault. */
  const faults = (said: (text: string) => string, find: (said: string) => string[]): string[] =>
    hostile.filter((text) => find(said(text)).length > 0);
  const ways: readonly (readonly [string, (text: string) => string])[] = [
    ['without colours', (text) => fitForLog(text, false)],
    ['with colours', (text) => fitForLog(safeText(text), true)],
    ['quoted', quotedLines],
  ];

  it.each([...ways, ['on one line', safeLine] as const])(
    '%s holds nothing that a terminal acts on',
    (_, say) => expect(faults(say, active)).toEqual([]),
  );

  it.each(ways)('%s holds no command', (_, say) => expect(faults(say, commandsIn)).toEqual([]));

  it.each(harmless)('of %j is the text itself', (text) => {
    expect(fitForLog(text, false)).toBe(text);
    expect(fitForLog(text, true)).toBe(text);
    expect(safeLine(text)).toBe(text);
    expect(JSON.parse(safeJson(text))).toBe(text);
    expect(safeJson(text)).toBe(JSON.stringify(text));
  });

  it('keeps our own colours where there are any, and no others', () => {
    expect(fitForLog('\u001b[31merror\u001b[39m หยุด', true)).toBe('\u001b[31merror\u001b[39m หยุด');
    expect(fitForLog('\u001b[31merror\u001b[39m', false)).toBe(String.raw`\u{1B}[31merror\u{1B}[39m`);
    expect(fitForLog('\u001b[35mx', true)).toBe(String.raw`\u{1B}[35mx`);
  });

  it('stands behind a bar where it is quoted, line by line', () => {
    expect(quotedLines('user: सवाल\n::error::x\n\n')).toBe('│ user: सवाल\n│ ::error::x\n│ \n│ ');
  });

  it('is one line of bounded width where it is asked to be', () => {
    expect(safeLine(`a\n::error::${'界'.repeat(300)}`, 50)).toHaveLength(50);
  });
});

describe('JSON for other programs', () => {
  it.each([0, 2])('is the same value, and nothing acts on it: indent %i', (indent) => {
    for (const text of hostile) {
      const json = safeJson({ [text]: [text] }, indent);
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect([...active(json), ...commandsIn(json)], text).toEqual([]);
    }
  });
});
