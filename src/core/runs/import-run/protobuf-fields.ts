/** The wire format of protocol buffers (protobuf.dev/programming-guides/encoding): the fields of one message. */

export type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  /** `fixed32`, `fixed64` and everything with a length: strings, messages, packed numbers. */
  | { readonly number: number; readonly kind: 'fixed32' | 'fixed64' | 'bytes'; readonly value: Buffer };

/** @throws RangeError for bytes that are no message */
export function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) break;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a number has no end');
  };
  const take = (length: number): Buffer => {
    if (length > message.length - at) throw new RangeError('a field is cut off');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const number = Number(key >> 3n);
    switch (Number(key & 7n)) {
      case 0:
        yield { number, kind: 'varint', value: varint() };
        break;
      case 1:
        yield { number, kind: 'fixed64', value: take(8) };
        break;
      case 2:
        yield { number, kind: 'bytes', value: take(Number(varint())) };
        break;
      case 5:
        yield { number, kind: 'fixed32', value: take(4) };
        break;
      default:
        throw new RangeError('a field has an unknown type');
    }
  }
}
