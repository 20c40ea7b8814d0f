/**
 * The UTF-16 code units of a text in a buffer that is used again and again: copying a text and reading the copy takes half the
 * time of asking the string for every code unit.
 */

let bytes = Buffer.alloc(2 ** 16);
let units = viewOf(bytes);

function viewOf(buffer: Buffer): Uint16Array {
  return new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.byteLength / 2);
}

/** Valid until the next call; longer than the text, whose length says how many units are its own. */
export function codeUnitsOf(text: string): Uint16Array {
  if (text.length * 2 > bytes.byteLength) {
    bytes = Buffer.alloc(text.length * 4);
    units = viewOf(bytes);
  }
  bytes.write(text, 0, 'utf16le');
  return units;
}
