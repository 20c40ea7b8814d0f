/** What a file is that is not what its name says, by its first bytes. */

export type Signature = readonly [start: string, looks: string];

/** What no text begins with. */
const BINARY: readonly Signature[] = [
  ['\x1f\x8b', 'it looks like gzip data'],
  ['PK\x03\x04', 'it looks like a zip archive'],
  ['\x28\xb5\x2f\xfd', 'it looks like zstd data'],
  ['\x89PNG\r\n', 'it looks like a PNG image'],
  ['\xff\xd8\xff', 'it looks like a JPEG image'],
  ['%PDF-', 'it looks like a PDF document'],
  ['\0\0\0\0\0\0\0\0', 'it begins with nothing but zeros, as a download leaves it that was given up'],
];
const PARQUET: Signature = ['PAR1', 'it looks like a Parquet file'];
const ARROW: Signature = ['ARROW1', 'it looks like an Arrow (Feather) file'];
const GIT_LFS: Signature = [
  'version https://git-lfs',
  'it is a Git LFS pointer; run "git lfs pull" to get the file itself',
];
const WEB_PAGE = 'it looks like HTML or XML, as a failed download leaves it';
const TEXT: readonly Signature[] = [
  GIT_LFS,
  ['<', WEB_PAGE],
  ['{', 'it looks like JSON or JSONL'],
  ['[', 'it looks like JSON'],
];

/** The beginning of a file as text of one character a byte, without blanks before it. */
const startOf = (head: Buffer): string => head.toString('latin1').replace(/^\s+/, '');

/** What a file is whose first bytes are not those of the columnar format that it is named for. */
export function knownSignature(head: Buffer, own: readonly Signature[] = []): string | undefined {
  return fitting(head, [...own, PARQUET, ARROW, ...BINARY, ...TEXT]);
}

/** What a file is that is named as text (JSON Lines, JSON, CSV), but holds something else. */
export function knownNoData(head: Buffer): string | undefined {
  return fitting(head, [PARQUET, ARROW, GIT_LFS, ...BINARY]) ?? (WEB_PAGES.test(startOf(head)) ? WEB_PAGE : undefined);
}

const WEB_PAGES = /^<(!doctype|html|\?xml)/i;

function fitting(head: Buffer, signatures: readonly Signature[]): string | undefined {
  const start = startOf(head);
  return signatures.find(([signature]) => start.startsWith(signature))?.[1];
}
