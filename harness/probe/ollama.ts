/** What Ollama says it has loaded: estimates that it makes while loading, until the entry expires. */
import type { Probe, Sight } from '../types.ts';
import { getPage, shownUrl, type PageAccess } from './server/get-page.ts';

/** The figures change with loading only. */
const everyMs = 10_000;

export interface LoadedPage {
  readonly url: string;
  /** The name the target asks for. */
  readonly model: string;
  readonly access: PageAccess;
}

export function ollamaProbe(pages: ReadonlyMap<string, LoadedPage>): Probe {
  return {
    name: 'ollama',
    everyMs,
    read: async (target, moment): Promise<Sight | null> => {
      const page = pages.get(target);
      if (page === undefined || moment === 'before-start') return null;
      const url = new URL(page.url);
      if (!url.pathname.endsWith('/api/ps')) url.pathname = `${url.pathname.replace(/\/$/u, '')}/api/ps`;
      const got = await getPage(url, 'application/json', page.access);
      if ('why' in got) return { status: 'unavailable', why: got.why };
      const sight = readLoaded(got.text, page.model);
      return sight.status === 'read' ? sight : { ...sight, why: `${shownUrl(url)}: ${sight.why}` };
    },
  };
}

/** The entry of one model on the page. */
export function readLoaded(text: string, model: string): Sight {
  const models = listOf(text);
  if (models === null) return { status: 'unavailable', why: 'not the page of loaded models' };
  const wanted = withTag(model);
  const entry = models.find((one) =>
    [one['name'], one['model']].some((name) => typeof name === 'string' && withTag(name) === wanted),
  );
  const bytes = entry === undefined ? null : amount(entry['size']);
  if (entry === undefined || bytes === null)
    return { status: 'unavailable', why: `${model.slice(0, 200)} is not loaded` };
  const expires = entry['expires_at'];
  return {
    status: 'read',
    flags: [],
    basis: 'api-ps',
    bytes,
    vramBytes: amount(entry['size_vram']),
    contextTokens: amount(entry['context_length']),
    expiresAt: typeof expires === 'string' ? expires.slice(0, 64) : null,
  };
}

function listOf(text: string): readonly Record<string, unknown>[] | null {
  try {
    const { models } = JSON.parse(text) as { models?: unknown };
    if (!Array.isArray(models)) return null;
    return (models as unknown[]).filter(
      (one): one is Record<string, unknown> => typeof one === 'object' && one !== null,
    );
  } catch {
    return null;
  }
}

/** A name without a tag means the latest. */
const withTag = (name: string): string => (/:[^/]*$/u.test(name) ? name : `${name}:latest`);

const amount = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
