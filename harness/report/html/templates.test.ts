/** What the templates and scripts of the page may never contain. Reads the sources, so that a new file is covered. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { pageScript } from './script.ts';
import { pageStyle } from './style.ts';

const banned: readonly (readonly [string, RegExp])[] = [
  ['raw output', /\{\{\{|\{\{~?&|SafeString|noEscape: true/u],
  [
    'HTML from a string',
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|createContextualFragment|DOMParser|srcdoc/u,
  ],
  ['code from a string', /\beval\b|new Function|setTimeout\(\s*['"`]/u],
  ['a link out of data', /(?:href|src|action|xlink:href)=["']?\{\{/u],
  ['an inline handler or style', /\son\w+\s*=\s*["'{]|\sstyle\s*=\s*["'{]/u],
  ['an unquoted attribute', /<[a-z][\w-]*(?:\s+[\w:-]+(?:="[^"]*")?|\{\{[^}]*\}\})*\s+[\w:-]+=(?!["'])/u],
  ['a value without quotes', /=\{\{/u],
  ['an address to load from', /(?:src|href)="(?!#)|url\(\s*["']?(?:https?:)?\/\/|@import/u],
];

export function faults(source: string): string[] {
  return banned.filter(([, pattern]) => pattern.test(source)).map(([name]) => name);
}

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);
files.push('../strings.ts');

describe('the sources of the page', () => {
  it.each(files)('%s holds nothing dangerous', (file) => {
    expect(faults(readFileSync(path.join(folder, file), 'utf8'))).toEqual([]);
  });

  it.each([
    '<p>{{{text}}}</p>',
    '<p>{{&text}}</p>',
    'box.innerHTML = text',
    'box.insertAdjacentHTML("beforeend", text)',
    'document.write(text)',
    'eval(text)',
    '<a href="{{url}}">',
    '<p title={{text}}>',
    '<p class=wide>',
    '<p id="a" hidden title={{text}}>',
    '<tr{{#if x}} id=x{{/if}}>',
    '<p style="color: red">',
    '<p onclick="go()">',
    '<script src="https://cdn.example/x.js">',
    '@import "x.css"',
  ])('would be refused with %s', (source) => {
    expect(faults(source)).not.toEqual([]);
  });

  it('has a script that parses and cannot end its own element', () => {
    expect(() => new vm.Script(pageScript)).not.toThrow();
    expect(pageScript).not.toMatch(/<\/script|<!--/iu);
    expect(pageStyle).not.toMatch(/<\/style|<!--|@import|url\(/iu);
  });

  it('styles only with variables that it declares', () => {
    const declared = new Set([...pageStyle.matchAll(/(--[\w-]+):/gu)].map(([, name]) => name));
    const used = new Set([...pageStyle.matchAll(/var\((--[\w-]+)\)/gu)].map(([, name]) => name));
    expect([...used].filter((name) => !declared.has(name))).toEqual([]);
  });
});
