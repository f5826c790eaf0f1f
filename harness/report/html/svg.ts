/**
 * An SVG from the chart library, made fit for a strict page: only elements and attributes on the list below, no
 * classes, no styles, ids of our own. Text stays escaped as it came. What is not on the list is a bug and throws.
 */

const elements = new Set([
  'svg',
  'g',
  'defs',
  'clipPath',
  'rect',
  'path',
  'text',
  'tspan',
  'circle',
  'polygon',
  'polyline',
  'line',
]);

const attributes = new Set(
  (
    'x y x1 x2 y1 y2 cx cy r rx ry d points width height viewBox fill fill-opacity stroke stroke-width stroke-dasharray ' +
    'stroke-linecap stroke-opacity opacity transform text-anchor dominant-baseline clip-path id'
  ).split(' '),
);

/** Dropped without a word: hover classes, bookkeeping of the library, namespaces that inline SVG does not need. */
const dropped = /^(?:class|style|pointer-events|version|baseProfile|xmlns(?::\w+)?|xml:space|ecmeta_\w+)$/u;

const fontProperties = /(font-size|font-weight):([\w.]+)/gu;

export interface ChartText {
  /** Prefix of every id in this chart; unique on the page. */
  readonly id: string;
  readonly className: string;
  readonly title: string;
  readonly description: string;
}

export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A cleansed `<svg>` with a role, a title and a description. */
export function cleanseSvg(source: string, text: ChartText): string {
  const ids = new Map<string, string>();
  const own = (id: string) => {
    const known = ids.get(id) ?? `${text.id}-${ids.size}`;
    ids.set(id, known);
    return known;
  };
  const attribute = (name: string, value: string): string => {
    if (name === 'style') {
      return [...value.matchAll(fontProperties)]
        .map(([, key, size]) => ` ${key ?? ''}="${size ?? ''}"`)
        .join('');
    }
    if (dropped.test(name)) return '';
    if (!attributes.has(name)) throw new Error(`chart: unexpected attribute ${name}`);
    if (name === 'id') return ` id="${own(value)}"`;
    const moved = value.replaceAll(/url\(#([^)]+)\)/gu, (_found, id: string) => `url(#${own(id)})`);
    return ` ${name}="${moved}"`;
  };
  const tag = (_found: string, close: string, name: string, rest: string, empty: string): string => {
    if (!elements.has(name)) throw new Error(`chart: unexpected element ${name}`);
    const kept = [...rest.matchAll(/([\w:-]+)="([^"]*)"/gu)].map(([, key, value]) =>
      attribute(key ?? '', value ?? ''),
    );
    return `<${close}${name}${kept.join('')}${empty}>`;
  };
  const names = `<title id="${text.id}-title">${escapeText(text.title)}</title><desc id="${text.id}-desc">${escapeText(text.description)}</desc>`;
  return source
    .replaceAll(/<style[\s\S]*?<\/style>/gu, '')
    .replaceAll(/<defs\s*>\s*<\/defs>/gu, '')
    .replaceAll(/<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/gu, tag)
    .replace(
      /^<svg/u,
      () =>
        `<svg class="${text.className}" role="img" aria-labelledby="${text.id}-title" aria-describedby="${text.id}-desc"`,
    )
    .replace('>', () => `>${names}`)
    .replaceAll(/\n+/gu, '\n')
    .trim();
}
