/** What `nvidia-smi` prints as CSV: columns by the names in its header, never by their place, which drivers change. */
import type { DeviceState } from '../../types.ts';
import type { GpuApp } from './sight.ts';

export const deviceQuery =
  '--query-gpu=index,uuid,memory.used,memory.total,utilization.gpu,power.draw,clocks.sm';
/** The name comes last: it may hold commas. */
export const appQuery = '--query-compute-apps=gpu_uuid,pid,used_memory,process_name';
export const csvFormat = '--format=csv,nounits';

export type Row = ReadonlyMap<string, string>;

const mebibyte = 1024 * 1024;
const nameColumn = 'process_name';
/** A row holds numbers, a header none: so it is known wherever it stands, and some builds print it again. */
const columnName = /^[a-z][a-z_.]*$/u;

/** Reads lines as they come, a header before the rows it names. */
export class CsvLines {
  #columns: readonly string[] | null = null;

  /** null: a header, a remark (`No running processes found`), or a row before any header. */
  read(line: string): Row | null {
    const cells = line.split(',').map((cell) => cell.trim());
    const names = cells.map((cell) => cell.replace(/\s*\[[^\]]*\]$/u, ''));
    if (names.every((name) => columnName.test(name))) {
      this.#columns = names;
      return null;
    }
    const columns = this.#columns;
    if (columns === null || cells.length < columns.length) return null;
    const surplus = cells.length - columns.length;
    const wide = columns.indexOf(nameColumn);
    if (surplus > 0) {
      if (wide === -1) return null;
      cells.splice(wide, surplus + 1, cells.slice(wide, wide + surplus + 1).join(','));
    }
    return new Map(columns.map((column, at) => [column, cells[at] ?? '']));
  }
}

export function parseCsv(text: string): Row[] {
  const lines = new CsvLines();
  return text.split('\n').flatMap((line) => lines.read(line) ?? []);
}

/** Words in brackets (`[N/A]`, `[Not Supported]`, `[Unknown Error]`) say that the driver does not know. */
export function numberOf(row: Row, ...columns: readonly string[]): number | null {
  for (const column of columns) {
    const word = row.get(column);
    if (word !== undefined && /^-?\d+(?:\.\d+)?(?:\s|$)/u.test(word)) return Number.parseFloat(word);
  }
  return null;
}

const mebibytes = (value: number | null): number | null => (value === null ? null : value * mebibyte);

export function deviceOf(row: Row): DeviceState | null {
  const index = numberOf(row, 'index');
  if (index === null) return null;
  return {
    index,
    uuid: row.get('uuid') ?? null,
    usedBytes: mebibytes(numberOf(row, 'memory.used')),
    totalBytes: mebibytes(numberOf(row, 'memory.total')),
    utilization: numberOf(row, 'utilization.gpu'),
    powerWatts: numberOf(row, 'power.draw', 'power.draw.average'),
    clockMhz: numberOf(row, 'clocks.sm', 'clocks.current.sm'),
  };
}

export function appOf(row: Row): GpuApp | null {
  const pid = numberOf(row, 'pid');
  const device = row.get('gpu_uuid');
  if (pid === null || device === undefined) return null;
  return { device, pid, bytes: mebibytes(numberOf(row, 'used_memory', 'used_gpu_memory')) };
}
