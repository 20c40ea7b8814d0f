/** Values of fixed width: numbers where they are exact, integers beyond that as bigint, dates as `Date`. */

import type { DataType, Date_, Decimal, Float, Int, Interval, Time, Timestamp } from 'apache-arrow';
import { Type } from 'apache-arrow/enum';
import { plainValue } from './parquet-values.ts';

/** A value from its first byte. */
export type ScalarDecoder = (view: DataView, at: number) => unknown;

/** @param width bytes of a value */
export function scalarDecoder(type: DataType, width: number): ScalarDecoder {
  switch (type.typeId as Type) {
    case Type.Int:
      return integerDecoder(type as Int);
    case Type.Float:
      return [half, (view: DataView, at: number) => view.getFloat32(at, true), float64][(type as Float).precision]!;
    case Type.Decimal:
      return (view, at) => decimal(wideInteger(view, at, width), (type as Decimal).scale);
    case Type.Date:
      return (type as Date_).unit === 0
        ? (view, at) => new Date(view.getInt32(at, true) * 86_400_000)
        : (view, at) => instant(view.getBigInt64(at, true), 1, '');
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp;
      return (view, at) => instant(view.getBigInt64(at, true), unit, timezone ? 'Z' : '');
    }
    case Type.Time: {
      const { unit } = type as Time;
      return (view, at) => timeOfDay(width === 4 ? BigInt(view.getInt32(at, true)) : view.getBigInt64(at, true), unit);
    }
    case Type.Duration:
      return (view, at) => plainValue(view.getBigInt64(at, true));
    case Type.Interval:
      return INTERVALS[(type as Interval).unit]!;
    default:
      return (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, width).slice();
  }
}

function integerDecoder({ isSigned, bitWidth }: Int): ScalarDecoder {
  if (bitWidth === 8) return isSigned ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at);
  if (bitWidth === 16) return isSigned ? (view, at) => view.getInt16(at, true) : (view, at) => view.getUint16(at, true);
  if (bitWidth === 32) return isSigned ? (view, at) => view.getInt32(at, true) : (view, at) => view.getUint32(at, true);
  return isSigned
    ? (view, at) => plainValue(view.getBigInt64(at, true))
    : (view, at) => plainValue(view.getBigUint64(at, true));
}

const INTERVALS: readonly ScalarDecoder[] = [
  (view, at) => view.getInt32(at, true),
  (view, at) => ({ days: view.getInt32(at, true), milliseconds: view.getInt32(at + 4, true) }),
  (view, at) => ({
    months: view.getInt32(at, true),
    days: view.getInt32(at + 4, true),
    nanoseconds: plainValue(view.getBigInt64(at + 8, true)),
  }),
];

function float64(view: DataView, at: number): number {
  return view.getFloat64(at, true);
}

/** IEEE 754 binary16. */
function half(view: DataView, at: number): number {
  const bits = view.getUint16(at, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1_024 + fraction) * 2 ** (exponent - 25);
}

/** Two's complement, little-endian, of 4 to 32 bytes. */
function wideInteger(view: DataView, at: number, width: number): bigint {
  if (width === 4) return BigInt(view.getInt32(at, true));
  let value = view.getBigInt64(at + width - 8, true);
  for (let word = width - 16; word >= 0; word -= 8) value = (value << 64n) | view.getBigUint64(at + word, true);
  return value;
}

/** A number where that is the same decimal, its digits as text elsewhere. */
function decimal(unscaled: bigint, scale: number): number | string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled);
  const sign = unscaled < 0n ? '-' : '';
  // A scale below 0 appends zeros.
  const padded = scale > 0 ? digits.padStart(scale + 1, '0') : digits + '0'.repeat(-scale);
  const point = padded.length - Math.max(0, scale);
  const text = scale > 0 ? `${sign}${padded.slice(0, point)}.${padded.slice(point)}` : sign + padded;
  const significant = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  const number = Number(text);
  return String(number) === significant ? number : text;
}

/** A `Date` where milliseconds say it exactly; ISO 8601 with all digits elsewhere, which a `Date` would round. */
function instant(count: bigint, unit: number, zone: string): unknown {
  const perSecond = 1_000n ** BigInt(unit);
  const milliseconds = unit === 0 ? count * 1_000n : floorDivide(count, perSecond / 1_000n);
  const date = new Date(Number(milliseconds));
  if (Number.isNaN(date.getTime())) return plainValue(count);
  if (unit <= 1 || milliseconds * (perSecond / 1_000n) === count) return date;
  return `${date.toISOString().slice(0, 19)}.${fraction(count, unit)}${zone}`;
}

function timeOfDay(count: bigint, unit: number): unknown {
  const perSecond = 1_000n ** BigInt(unit);
  const seconds = floorDivide(count, perSecond);
  if (seconds < 0n || seconds >= 86_400n) return plainValue(count);
  const text = new Date(Number(seconds) * 1_000).toISOString().slice(11, 19);
  return unit === 0 ? text : `${text}.${fraction(count, unit)}`;
}

/** The digits of the seconds after the point. */
function fraction(count: bigint, unit: number): string {
  const perSecond = 1_000n ** BigInt(unit);
  return String(count - floorDivide(count, perSecond) * perSecond).padStart(3 * unit, '0');
}

function floorDivide(count: bigint, by: bigint): bigint {
  return count / by - (count % by < 0n ? 1n : 0n);
}
