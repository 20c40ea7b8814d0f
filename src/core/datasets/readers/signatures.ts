/** What a file is that is not what its name says, by its first bytes. */

export type Signature = readonly [start: string, looks: string];

const COMMON: readonly Signature[] = [
  ['\x1f\x8b', 'it looks like gzip data'],
  ['PK\x03\x04', 'it looks like a zip archive'],
  ['\x28\xb5\x2f\xfd', 'it looks like zstd data'],
  ['version https://git-lfs', 'it is a Git LFS pointer; run "git lfs pull" to get the file itself'],
  ['<', 'it looks like HTML or XML, as a failed download leaves it'],
  ['{', 'it looks like JSON or JSONL'],
  ['[', 'it looks like JSON'],
];

/** The beginning of a file as text of one character a byte, without blanks before it. */
export const startOf = (head: Buffer): string => head.toString('latin1').replace(/^\s+/, '');

/** @param own what else a reader is given by mistake */
export function knownSignature(head: Buffer, own: readonly Signature[]): string | undefined {
  const start = startOf(head);
  return [...own, ...COMMON].find(([signature]) => start.startsWith(signature))?.[1];
}
