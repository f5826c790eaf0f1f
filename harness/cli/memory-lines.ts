/** Memory in the table at the end of a run: a line per basis, so that no two meanings stand beside each other. */
import type { Basis, MemoryFigure, MemoryRow, Summary } from '../types.ts';

const places: readonly {
  readonly name: string;
  readonly bases: readonly Basis[];
  readonly take: (row: MemoryRow) => MemoryFigure | null;
}[] = [
  {
    name: 'memory',
    bases: ['pss', 'rss', 'cgroup'],
    take: ({ host }) => host.afterLoad ?? host.idle,
  },
  {
    name: 'GPU memory',
    bases: ['gpu-process', 'gpu-delta'],
    take: ({ gpu }) => gpu.peak,
  },
  { name: 'model', bases: ['api-ps'], take: ({ estimate }) => estimate.total },
];

const basisWords: Readonly<Partial<Record<Basis, string>>> = {
  pss: 'PSS after',
  rss: 'RSS after',
  cgroup: 'cgroup after',
  'gpu-process': 'process, peak',
  'gpu-delta': 'delta, peak',
  'api-ps': 'estimate',
};

/** Labelled lines, a cell per target; only bases that some target has. */
export function memoryLines({ memory }: Summary, targets: readonly string[]): string[][] {
  return places.flatMap(({ name, bases, take }) =>
    bases.flatMap((basis) => {
      const cells = targets.map((target) => {
        const row = memory.find((one) => one.target === target);
        const figure = row === undefined ? null : take(row);
        return figure?.basis === basis ? mebibytes(figure) : 'n/a';
      });
      return cells.every((cell) => cell === 'n/a')
        ? []
        : [[`${name} MiB, ${basisWords[basis] ?? basis}`, ...cells]];
    }),
  );
}

const mebibytes = ({ bytes, isUpperBound }: MemoryFigure): string =>
  `${isUpperBound ? '<= ' : ''}${(bytes / 1024 ** 2).toFixed(0)}`;
