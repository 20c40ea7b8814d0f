import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, CachedBytes } from '../../../src/core/datasets/remote/cached-bytes.ts';

const SIZE = 40 * BLOCK_BYTES + 123;
const content = Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 8)) & 0xff);

function source() {
  const reads: [first: number, end: number][] = [];
  const read = async (start: number, end: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    reads.push([start / BLOCK_BYTES, Math.ceil(end / BLOCK_BYTES)]);
    return content.slice(start, end);
  };
  return { reads, bytes: new CachedBytes({ name: 'test', bytes: SIZE, read }) };
}

describe('bytes in blocks', () => {
  it('are the bytes of the file, whatever is asked for together', async () => {
    const range = fc.tuple(fc.nat(SIZE), fc.nat(3 * BLOCK_BYTES));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(range, { maxLength: 5 }), { maxLength: 5 }), async (turns) => {
        const { bytes, reads } = source();
        for (const turn of turns) {
          const ranges = turn.map(([start, length]) => [start, Math.min(SIZE, start + length)] as const);
          const found = await Promise.all(ranges.map(([start, end]) => bytes.slice(start, end)));
          for (const [index, [start, end]] of ranges.entries()) {
            expect(Buffer.from(found[index]!).equals(content.subarray(start, end))).toBe(true);
          }
        }
        expect(reads.every(([first, end]) => first < end)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('that lie close together are one request, and are not fetched again', async () => {
    const { bytes, reads } = source();
    const at = (block: number) => bytes.slice(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
    await Promise.all([at(3), at(4), at(7), at(20)]);
    expect(reads).toEqual([
      [3, 8],
      [20, 21],
    ]);
    await Promise.all([at(3), at(5), at(20)]);
    expect(reads.length).toBe(2);
  });

  it('are read ahead of small steps forward, more and more', async () => {
    const { bytes, reads } = source();
    for (let at = 0; at < 20 * BLOCK_BYTES; at += 10_000) await bytes.slice(at, at + 4_096);
    expect(reads.length).toBeLessThan(8);
    expect(reads.every(([first, end]) => end - first <= 9)).toBe(true);
  });

  it('outside the file are damage', async () => {
    await expect(source().bytes.slice(SIZE - 1, SIZE + 1)).rejects.toMatchObject({ code: 'damaged-file' });
  });

  it('whose fetching failed are fetched when they are wanted again', async () => {
    let failing = true;
    const read = async (start: number, end: number) => {
      if (failing) throw new Error('broken');
      return content.slice(start, end);
    };
    const bytes = new CachedBytes({ name: 'test', bytes: SIZE, read });
    await expect(bytes.slice(0, 10)).rejects.toThrow('broken');
    failing = false;
    expect(new Uint8Array(await bytes.slice(0, 10))).toEqual(content.slice(0, 10));
  });
});
