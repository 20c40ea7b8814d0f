/**
 * Hashed n-grams of words and characters, computed over UTF-16 code units without making a string per n-gram.
 * Integer arithmetic only, so the buckets are the same on every platform.
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Start of an FNV-1a hash (Fowler, Noll, Vo) of one kind of n-gram; different salts give unrelated hashes. */
export const hashStart = (salt: number): number => Math.imul(FNV_OFFSET ^ salt, FNV_PRIME);

/** One FNV-1a step over a whole code unit (or another hash) instead of one byte. */
export const hashStep = (hash: number, unit: number): number => Math.imul(hash ^ unit, FNV_PRIME);

/** The murmur3 finaliser (Austin Appleby, public domain): every input bit reaches the low bits that pick the bucket. */
export function hashEnd(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
