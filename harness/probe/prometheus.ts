/** A server's own metrics page: what it keeps in its key-value cache, how many tokens it counted, who waits. */
import type { MetricFigures, Probe, Sight } from '../types.ts';
import { parseExposition } from './server/exposition.ts';
import { getPage, type PageAccess } from './server/get-page.ts';
import { metricFigures } from './server/metrics.ts';

const everyMs = 1000;
const accept = 'text/plain;version=0.0.4';

export interface MetricsPage {
  readonly url: string;
  /** Further metrics to keep. */
  readonly named: readonly string[];
  readonly access: PageAccess;
}

/** `now` only tells when the sizes that a server states once were asked for last. */
export function prometheusProbe(pages: ReadonlyMap<string, MetricsPage>): Probe {
  const capacities = new Map<string, number>();
  return {
    name: 'prometheus',
    everyMs,
    read: async (target, moment): Promise<Sight | null> => {
      const page = pages.get(target);
      if (page === undefined || moment === 'before-start') return null;
      const url = new URL(page.url);
      const got = await getPage(url, accept, page.access);
      if ('why' in got) return { status: 'unavailable', why: got.why };
      const exposition = parseExposition(got.text);
      if (exposition.samples.length === 0)
        return { status: 'unavailable', why: `${url.origin}${url.pathname}: no metrics on this page` };
      const isQuiet = moment !== 'loaded';
      const figures = metricFigures(exposition, page.named, isQuiet);
      const capacity = figures.values.kvCapacityTokens ?? capacities.get(target) ?? null;
      const known = capacity ?? (isQuiet ? await askCapacity(url, figures.server, page.access) : null);
      if (known !== null) capacities.set(target, known);
      return {
        status: 'read',
        flags: [],
        ...figures,
        values: { ...figures.values, kvCapacityTokens: known },
      };
    },
  };
}

/** Servers that tell the size of their cache on another page. */
async function askCapacity(
  metrics: URL,
  server: MetricFigures['server'],
  access: PageAccess,
): Promise<number | null> {
  const get = async (path: string): Promise<unknown> => {
    const got = await getPage(new URL(path, metrics.origin), 'application/json', access);
    try {
      return 'why' in got ? null : (JSON.parse(got.text) as unknown);
    } catch {
      return null;
    }
  };
  if (server === 'sglang') {
    const info = (await get('/get_server_info')) ?? (await get('/server_info'));
    return (
      positive(info, ['max_total_num_tokens']) ??
      positive(info, ['internal_states', '0', 'max_total_num_tokens'])
    );
  }
  if (server === 'llama.cpp') {
    const props = await get('/props');
    const slots = positive(props, ['total_slots']);
    const perSlot = positive(props, ['default_generation_settings', 'n_ctx']);
    return slots === null || perSlot === null ? null : slots * perSlot;
  }
  return null;
}

function positive(page: unknown, path: readonly string[]): number | null {
  let value = page;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}
