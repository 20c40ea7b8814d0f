/**
 * The code units of a text in a buffer that is used again and again: copying a text and reading the copy takes half the
 * time of asking the string for every code unit.
 */

let bytes = Buffer.alloc(2 ** 16);
let units = new Uint16Array(bytes.buffer);
let numbers = new Uint32Array(bytes.buffer);

/** Valid until the next call; longer than the text, whose length says how many units are its own. */
export function codeUnitsOf(text: string): Uint16Array {
  copy(text);
  return units;
}

/** The same, two code units to a number; where the length is odd the last number holds more than the text. */
export function codeUnitPairsOf(text: string): Uint32Array {
  copy(text);
  return numbers;
}

/** A text of Latin-1 characters alone, four to a number; the last number may hold more than the text. */
export function latinFoursOf(text: string): Uint32Array {
  makeRoomFor(text);
  bytes.write(text, 0, 'latin1');
  return numbers;
}

function copy(text: string): void {
  makeRoomFor(text);
  bytes.write(text, 0, 'utf16le');
}

function makeRoomFor({ length }: string): void {
  if (length * 2 <= bytes.byteLength) return;
  bytes = Buffer.alloc(length * 4);
  units = new Uint16Array(bytes.buffer);
  numbers = new Uint32Array(bytes.buffer);
}
