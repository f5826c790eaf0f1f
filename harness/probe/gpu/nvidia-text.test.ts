import { describe, expect, it } from 'vitest';
import { appOf, deviceOf, parseCsv } from './nvidia-text.ts';

const mebibyte = 1024 ** 2;
const one = (text: string) => {
  const [row] = parseCsv(text);
  if (row === undefined) throw new Error('a row');
  return row;
};

describe('what nvidia-smi prints', () => {
  it('is read by the names in its header, whatever their order', () => {
    for (const text of [
      'index, uuid, memory.used [MiB], memory.total [MiB]\n3, GPU-x, 22396, 81559\n',
      'uuid, memory.total [MiB], index, memory.used [MiB]\nGPU-x, 81559, 3, 22396\n',
    ])
      expect(deviceOf(one(text))).toMatchObject({
        index: 3,
        uuid: 'GPU-x',
        usedBytes: 22_396 * mebibyte,
        totalBytes: 81_559 * mebibyte,
      });
  });

  it.each(['[N/A]', '[Not Supported]', '[Unknown Error]', '[GPU requires reset]', 'N/A', ''])(
    'knows nothing where it prints %j, and not zero',
    (word) => {
      const device = deviceOf(
        one(
          `index, uuid, memory.used [MiB], utilization.gpu [%], power.draw [W], clocks.current.sm [MHz]\n0, GPU-x, ${word}, ${word}, ${word}, ${word}\n`,
        ),
      );
      expect(device).toEqual({
        index: 0,
        uuid: 'GPU-x',
        usedBytes: null,
        totalBytes: null,
        utilization: null,
        powerWatts: null,
        clockMhz: null,
      });
    },
  );

  it('reads a unit that is there in spite of nounits', () => {
    expect(deviceOf(one('index, memory.used [MiB]\n0, 22396 MiB\n'))).toMatchObject({
      usedBytes: 22_396 * mebibyte,
    });
  });

  it('keeps the commas of a process name, also where the name is not the last column', () => {
    const last = one(
      'gpu_uuid, pid, used_gpu_memory [MiB], process_name\nGPU-x, 12, 300, python3, -m, vllm\n',
    );
    expect(last.get('process_name')).toBe('python3,-m,vllm');
    const inside = one(
      'gpu_uuid, pid, process_name, used_gpu_memory [MiB]\nGPU-x, 12, python3, -m, vllm, 300\n',
    );
    expect(appOf(inside)).toEqual({ device: 'GPU-x', pid: 12, bytes: 300 * mebibyte });
  });

  it('has no rows in remarks, in errors and before a header', () => {
    expect(parseCsv('No running processes found\n')).toEqual([]);
    expect(parseCsv('GPU-x, 12, 300, python3\n')).toEqual([]);
    expect(
      parseCsv('gpu_uuid, pid, used_gpu_memory [MiB], process_name\nNo running processes found\n'),
    ).toEqual([]);
    expect(parseCsv("NVIDIA-SMI has failed because it couldn't communicate, with, the, driver\n")).toEqual(
      [],
    );
  });

  it('takes a header that is printed again for a header', () => {
    const header = 'gpu_uuid, pid, used_gpu_memory [MiB], process_name';
    expect(parseCsv(`${header}\nGPU-x, 1, 2, a\n${header}\nGPU-x, 1, 3, a\n`)).toHaveLength(2);
  });
});
