import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moduleFileOf, moduleOf, watFiles } from '../../../scripts/wasm.mjs';
import { SnappyStream } from '../../../src/core/datasets/readers/parquet/snappy-stream.ts';

type Element = { readonly literal: Uint8Array; readonly lengthBytes: number } | Copy;
interface Copy {
  readonly kind: 1 | 2 | 3;
  /** How far back, as a share of what there is. */
  readonly share: number;
  readonly length: number;
}

const literal = fc
  .record({ seed: fc.nat(255), length: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70_000 })) })
  .map(({ seed, length }) => Uint8Array.from({ length }, (_, at) => (seed + at * at) & 255));
const element: fc.Arbitrary<Element> = fc.oneof(
  fc.record({ literal, lengthBytes: fc.integer({ min: 0, max: 4 }) }),
  fc.record({
    kind: fc.constantFrom(1, 2, 3),
    share: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    length: fc.integer({ min: 1, max: 64 }),
  }),
);

/** The elements as a block, and what it stands for. */
function blockOf(elements: readonly Element[]): { block: Buffer; text: Buffer } {
  const packed: Buffer[] = [];
  let text: Buffer = Buffer.alloc(0);
  for (const one of elements) {
    if ('literal' in one) {
      packed.push(literalOf(one.literal, one.lengthBytes));
      text = Buffer.concat([text, one.literal]);
      continue;
    }
    if (text.length === 0) continue;
    const length = one.kind === 1 ? 4 + (one.length % 8) : one.length;
    const furthest = Math.min(text.length, one.kind === 1 ? 2047 : 65_535);
    const offset = 1 + Math.floor(one.share * (furthest - 1));
    packed.push(copyOf(one.kind, length, offset));
    const copied = Buffer.alloc(length);
    for (let at = 0; at < length; at++) {
      const from = text.length - offset + at;
      copied[at] = from < text.length ? text[from]! : copied[from - text.length]!;
    }
    text = Buffer.concat([text, copied]);
  }
  return { block: Buffer.concat([varint(text.length), ...packed]), text };
}

function literalOf(bytes: Uint8Array, wanted: number): Buffer {
  const length = bytes.length - 1;
  const needed = length < 60 && wanted === 0 ? 0 : Math.max(wanted, length < 256 ? 1 : length < 65_536 ? 2 : 3);
  if (needed === 0) return Buffer.concat([Buffer.from([length << 2]), bytes]);
  const head = Buffer.alloc(1 + needed);
  head[0] = (59 + needed) << 2;
  head.writeUIntLE(length, 1, needed);
  return Buffer.concat([head, bytes]);
}

function copyOf(kind: 1 | 2 | 3, length: number, offset: number): Buffer {
  if (kind === 1) return Buffer.from([1 | ((length - 4) << 2) | ((offset >> 8) << 5), offset & 255]);
  const bytes = kind === 2 ? 2 : 4;
  const head = Buffer.alloc(1 + bytes);
  head[0] = kind | ((length - 1) << 2);
  head.writeUIntLE(offset, 1, bytes);
  return head;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

const streamOf = (block: Buffer, length: number) =>
  new SnappyStream((into, start) => block.copy(into, 0, start, start + into.length), 0, block.length, length);

/** All of it, taken in pieces of the given sizes, which come again and again. */
function readAll(block: Buffer, length: number, sizes: readonly number[]): Buffer {
  const stream = streamOf(block, length);
  const parts: Buffer[] = [];
  let left = length;
  for (let turn = 0; left > 0; turn++) {
    const size = Math.min(left, sizes[turn % sizes.length]!);
    parts.push(Buffer.from(stream.peek(size).subarray(0, size)));
    stream.take(size);
    left -= size;
  }
  stream.end();
  return Buffer.concat(parts);
}

const sizes = fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 4 });

describe('a Snappy block that is unpacked in parts', () => {
  it('gives what its elements say, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 60 }), sizes, (elements, pieces) => {
        const { block, text } = blockOf(elements);
        expect(readAll(block, text.length, pieces).equals(text)).toBe(true);
      }),
    );
  });

  it('may be many times as large as the window', () => {
    const elements = Array.from({ length: 1_200 }, (_, at): Element[] => [
      { literal: Uint8Array.from({ length: 2_200 }, (__, byte) => (at * byte) & 255), lengthBytes: 0 },
      { kind: 2, share: (at % 100) / 100, length: 1 + (at % 64) },
    ]).flat();
    const { block, text } = blockOf(elements);
    expect(text.length).toBeGreaterThan(2.5e6);
    for (const pieces of [[100_000], [1_000, 900_000], [text.length]]) {
      expect(readAll(block, text.length, pieces).equals(text)).toBe(true);
    }
  });

  it('that is cut off, or of another length, is an error', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 20 }), fc.nat(), (elements, cut) => {
        const { block, text } = blockOf(elements);
        fc.pre(text.length > 0);
        const shorter = block.subarray(0, cut % block.length);
        expect(() => readAll(shorter, text.length, [1_000])).toThrow('Snappy');
        expect(() => readAll(block, text.length + 1, [1_000])).toThrow('Snappy');
      }),
    );
  });

  it('that copies from before its start, or from too far back, is an error', () => {
    const far = Buffer.alloc(200_000, 'ab');
    const blocks = [
      Buffer.concat([varint(10), literalOf(Buffer.from('abcdef'), 0), copyOf(2, 4, 7)]),
      Buffer.concat([varint(10), literalOf(Buffer.from('abcdef'), 0), copyOf(2, 4, 0)]),
      Buffer.concat([varint(800_004), ...[1, 2, 3, 4].map(() => literalOf(far, 3)), copyOf(3, 4, 799_000)]),
    ];
    for (const block of blocks) {
      const length = block.length < 100 ? 10 : 800_004;
      expect(() => readAll(block, length, [1_000])).toThrow('Snappy');
    }
  });
});

it('the modules of WebAssembly are made of their sources', async () => {
  expect(watFiles().length).toBeGreaterThan(0);
  for (const wat of watFiles()) expect(await readFile(moduleFileOf(wat), 'utf8')).toBe(await moduleOf(wat));
});
