/**
 * Raw values as cells: a number where JavaScript has the same number, text with every digit elsewhere; times as ISO 8601
 * text; bytes as bytes. Nothing is rounded.
 */

import type { SchemaElement } from 'hyparquet';
import { dateText, intervalText, type TimeUnit, timestampText, timeText } from './calendar.ts';

export type Convert = (raw: unknown) => unknown;

/** How the values of a leaf become cells. */
export function converterOf(element: SchemaElement): Convert {
  const { type } = element;
  return annotated(element) ?? (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY' ? copied : plain(type));
}

function annotated(element: SchemaElement): Convert | undefined {
  const { logical_type: logical, converted_type: converted, type } = element;
  const bytes = type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY';
  switch (logical?.type) {
    case 'TIMESTAMP':
      return timestamp(logical.unit, logical.isAdjustedToUTC ? 'Z' : '');
    case 'TIME':
      return time(logical.unit);
    case 'INTEGER':
      return logical.isSigned ? plain(type) : unsigned(type);
    case 'UUID':
      return bytes ? uuid : undefined;
    case 'FLOAT16':
      return bytes ? float16 : undefined;
    case 'DECIMAL':
      return decimalOf(type, logical.scale);
  }
  switch (converted ?? logical?.type) {
    case 'UTF8':
    case 'STRING':
    case 'ENUM':
    case 'JSON':
      return bytes ? text : undefined;
    case 'DECIMAL':
      return decimalOf(type, element.scale ?? 0);
    case 'DATE':
      return type === 'INT32' ? (raw) => dateText(raw as number) : undefined;
    case 'TIME_MILLIS':
      return time('MILLIS');
    case 'TIME_MICROS':
      return time('MICROS');
    // The converted types are instants: only the logical type that came later knows wall clocks.
    case 'TIMESTAMP_MILLIS':
      return timestamp('MILLIS', 'Z');
    case 'TIMESTAMP_MICROS':
      return timestamp('MICROS', 'Z');
    case 'UINT_8':
    case 'UINT_16':
    case 'UINT_32':
    case 'UINT_64':
      return unsigned(type);
    case 'INTERVAL':
      return bytes && element.type_length === 12 ? interval : undefined;
  }
  return undefined;
}

function plain(type: SchemaElement['type']): Convert {
  if (type === 'INT64') return (raw) => wholeNumber(raw as bigint);
  if (type === 'INT96') return (raw) => int96(raw as bigint);
  // Booleans of the RLE encoding come as bits.
  if (type === 'BOOLEAN') return (raw) => raw === true || raw === 1;
  return (raw) => raw;
}

/** A number where that is exact, a bigint elsewhere. */
function wholeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function unsigned(type: SchemaElement['type']): Convert {
  if (type === 'INT64') return (raw) => wholeNumber(BigInt.asUintN(64, raw as bigint));
  return (raw) => (raw as number) >>> 0;
}

/** Bytes that are not UTF-8 stay bytes: replacing them would show what is not there. */
export function text(raw: unknown): string | Uint8Array {
  const bytes = raw as Uint8Array;
  const decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (!decoded.includes('\uFFFD') || Buffer.from(decoded).equals(bytes)) return decoded;
  return copied(bytes) as Uint8Array;
}

/** A copy, because a view would hold the whole page in memory. */
function copied(raw: unknown): unknown {
  return Uint8Array.from(raw as Uint8Array);
}

function timestamp(unit: TimeUnit, zone: 'Z' | ''): Convert {
  return (raw) => timestampText(BigInt(raw as bigint), unit, zone);
}

function time(unit: TimeUnit): Convert {
  return (raw) => timeText(BigInt(raw as bigint | number), unit);
}

/** Nanoseconds of the day, then the Julian day: what Impala, Hive and Spark wrote; they mean no zone. */
function int96(raw: bigint): string {
  const day = BigInt.asIntN(32, raw >> 64n) - 2_440_588n;
  const nanoseconds = BigInt.asUintN(64, raw);
  return timestampText(day * 86_400_000_000_000n + nanoseconds, 'NANOS', '');
}

function uuid(raw: unknown): string {
  const digits = Buffer.from(raw as Uint8Array).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** IEEE 754 binary16, little-endian. */
function float16(raw: unknown): number {
  const [low = 0, high = 0] = raw as Uint8Array;
  const bits = low | (high << 8);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1_024 + fraction) * 2 ** (exponent - 25);
}

function interval(raw: unknown): string {
  const bytes = Buffer.from(raw as Uint8Array);
  return intervalText(bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8));
}

function decimalOf(type: SchemaElement['type'], scale: number): Convert | undefined {
  if (type === 'INT32' || type === 'INT64') return (raw) => decimal(BigInt(raw as bigint | number), scale);
  if (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') {
    return (raw) => decimal(bigEndian(raw as Uint8Array), scale);
  }
  return undefined;
}

/** Two's complement, the highest byte first. */
function bigEndian(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

/** A number where that is the same decimal, its digits as text elsewhere. */
function decimal(unscaled: bigint, scale: number): number | string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  const point = digits.length - scale;
  const written = scale > 0 ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}` : sign + digits;
  const number = Number(written);
  const significant = scale > 0 ? written.replace(/\.?0+$/, '') : written;
  return String(number) === significant ? number : written;
}
