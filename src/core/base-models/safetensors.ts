/** Sizes of the weights in a safetensors file, read from its header: 8 bytes of length, then JSON. */

import { open } from 'node:fs/promises';

/** No header of a real model comes near: what is larger is damaged. */
const LARGEST_HEADER = 100 * 1024 * 1024;

export interface WeightSizes {
  readonly parameters: number;
  readonly bytes: number;
}

/** Undefined where the file is no safetensors file. */
export async function weightSizes(file: string): Promise<WeightSizes | undefined> {
  const handle = await open(file, 'r');
  try {
    const length = Buffer.alloc(8);
    if ((await handle.read(length, 0, 8, 0)).bytesRead < 8) return undefined;
    const size = Number(length.readBigUInt64LE());
    if (size > LARGEST_HEADER) return undefined;
    const header = Buffer.alloc(size);
    if ((await handle.read(header, 0, size, 8)).bytesRead < size) return undefined;
    return sumOf(JSON.parse(header.toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    await handle.close();
  }
}

interface Tensor {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function sumOf({ __metadata__: _, ...tensors }: Record<string, unknown>): WeightSizes {
  let parameters = 0;
  let bytes = 0;
  for (const { shape, data_offsets } of Object.values(tensors) as Tensor[]) {
    parameters += shape.reduce((product, side) => product * side, 1);
    bytes += data_offsets[1] - data_offsets[0];
  }
  return { parameters, bytes };
}
