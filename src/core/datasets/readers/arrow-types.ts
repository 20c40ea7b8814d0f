/** Arrow types as a person reads them, how many buffers each takes, and the ones that are not read. */

import type {
  DataType,
  Date_,
  Decimal,
  Dictionary,
  Duration,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float,
  Int,
  Interval,
  Time,
  Timestamp,
} from 'apache-arrow';
import { Type } from 'apache-arrow/enum';

const UNITS = ['s', 'ms', 'us', 'ns'];
const MOST_DIGITS = 76;
const INTERVALS = ['interval[months]', 'interval[days, ms]', 'interval[months, days, ns]'];

/** A dictionary column reads as its values do. Undefined for a type that is not read. */
export function arrowTypeName(type: DataType): string | undefined {
  switch (type.typeId as Type) {
    case Type.Null:
      return 'null';
    case Type.Bool:
      return 'bool';
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return 'string';
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
      return 'binary';
    case Type.Dictionary:
      return arrowTypeName((type as Dictionary).dictionary);
    case Type.List:
    case Type.LargeList:
      return wrapped('list', itemNames(childrenOf(type), 1));
    case Type.FixedSizeList:
      return (type as FixedSizeList).listSize < 0 ? undefined : wrapped('list', itemNames(childrenOf(type), 1));
    case Type.Map: {
      const [entries] = childrenOf(type);
      return wrapped('map', itemNames(entries ? childrenOf(entries.type) : [], 2));
    }
    case Type.Struct:
      return wrapped('struct', fieldNames(childrenOf(type)));
    default:
      return widthOf(type) === undefined ? undefined : fixedName(type);
  }
}

/** A damaged schema may lack children, and the library leaves a hole for one. */
function childrenOf(type: DataType): Field[] {
  return (type.children ?? []).flatMap((field: Field | undefined) => field ?? []);
}

function wrapped(name: string, inner: readonly string[] | undefined): string | undefined {
  return inner && `${name}<${inner.join(', ')}>`;
}

function itemNames(fields: readonly Field[], count: number): string[] | undefined {
  const names = fields.flatMap(({ type }) => arrowTypeName(type) ?? []);
  return names.length === count && fields.length === count ? names : undefined;
}

function fieldNames(fields: readonly Field[]): string[] | undefined {
  const names = fields.flatMap(({ name, type }) => {
    const known = arrowTypeName(type);
    return known === undefined ? [] : [`${name ?? ''}: ${known}`];
  });
  return names.length === fields.length ? names : undefined;
}

function fixedName(type: DataType): string | undefined {
  switch (type.typeId as Type) {
    case Type.Int:
      return `${(type as Int).isSigned ? '' : 'u'}int${(type as Int).bitWidth}`;
    case Type.Float:
      return ['float16', 'float', 'double'][(type as Float).precision];
    case Type.Decimal:
      return `decimal(${(type as Decimal).precision}, ${(type as Decimal).scale})`;
    case Type.Date:
      return 'date';
    case Type.Time:
      return `time[${UNITS[(type as Time).unit]}]`;
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp;
      return `timestamp[${UNITS[unit]}${timezone ? `, ${timezone}` : ''}]`;
    }
    case Type.Duration:
      return `duration[${UNITS[(type as Duration).unit]}]`;
    case Type.Interval:
      return INTERVALS[(type as Interval).unit];
    case Type.FixedSizeBinary:
      return `fixed_binary[${(type as FixedSizeBinary).byteWidth}]`;
    default:
      return undefined;
  }
}

/** Bytes of a value where all take as many; undefined for other types, and for what a damaged schema may say. */
export function widthOf(type: DataType): number | undefined {
  const known = (value: number, ...all: number[]) => (all.includes(value) ? value : undefined);
  const bytes = (bits: number | undefined) => bits && bits / 8;
  switch (type.typeId as Type) {
    case Type.Int:
      return bytes(known((type as Int).bitWidth, 8, 16, 32, 64));
    case Type.Float:
      return [2, 4, 8][(type as Float).precision];
    case Type.Decimal:
      // No decimal has more digits, and a damaged scale would make texts of gigabytes.
      return Math.abs((type as Decimal).scale) > MOST_DIGITS
        ? undefined
        : bytes(known((type as Decimal).bitWidth, 32, 64, 128, 256));
    case Type.Date:
      return [4, 8][(type as Date_).unit];
    case Type.Time:
      // Seconds and milliseconds take 32 bits, finer units 64.
      return (type as Time).bitWidth === [32, 32, 64, 64][(type as Time).unit]
        ? (type as Time).bitWidth / 8
        : undefined;
    case Type.Timestamp:
    case Type.Duration:
      return UNITS[(type as Timestamp | Duration).unit] === undefined ? undefined : 8;
    case Type.Interval:
      return [4, 8, 16][(type as Interval).unit];
    case Type.FixedSizeBinary:
      return (type as FixedSizeBinary).byteWidth > 0 ? (type as FixedSizeBinary).byteWidth : undefined;
    case Type.Dictionary:
      return widthOf((type as Dictionary).indices);
    default:
      return undefined;
  }
}

export interface Extent {
  nodes: number;
  buffers: number;
  /** Columns of the view types, each with a count of buffers of its own. */
  views: number;
}

/** Adds what a column of this type takes of the nodes and buffers of a record batch. */
export function addExtent(extent: Extent, type: DataType, variadic: readonly number[]): void {
  extent.nodes++;
  switch (type.typeId as Type) {
    case Type.Null:
      return;
    case Type.Struct:
    case Type.FixedSizeList:
      extent.buffers += 1;
      break;
    case Type.Utf8View:
    case Type.BinaryView:
      extent.buffers += 2 + (variadic[extent.views++] ?? 0);
      return;
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Binary:
    case Type.LargeBinary:
      extent.buffers += 3;
      return;
    case Type.Dictionary:
      // The children are those of the values, which stand elsewhere.
      extent.buffers += 2;
      return;
    default:
      extent.buffers += 2;
  }
  for (const child of type.children ?? []) addExtent(extent, (child as Field).type, variadic);
}
