/**
 * Puts the values of leaves together to rows, as their definition and repetition levels say; see
 * https://github.com/apache/parquet-format#nested-encoding. Null, empty and present stay apart.
 */

import { decodeVariantColumn } from 'hyparquet/src/variant.js';
import type { LeafValues } from './leaf-rows.ts';
import type { SchemaNode } from './leaves.ts';

/** Gives the next value of a node and moves its leaves on. */
type Next = () => unknown;

/** @param valuesOf the values of each leaf below the column, all for the same rows */
export function assembleColumn(column: SchemaNode, rows: number, valuesOf: (leaf: number) => LeafValues): unknown[] {
  const cursors: Cursor[] = [];
  const next = field(column, { definition: 0, repetition: 0 }, (leaf, most) => {
    const cursor = new Cursor(valuesOf(leaf), most);
    cursors.push(cursor);
    return cursor;
  });
  const cells = Array.from({ length: rows }, () => {
    const cell = next();
    if (cursors.some((cursor) => cursor.repetition !== 0)) throw uneven();
    return cell;
  });
  if (cursors.some((cursor) => !cursor.ended)) throw uneven();
  return cells;
}

class Cursor {
  readonly #values: LeafValues;
  readonly #most: number;
  #level = 0;
  #value = 0;

  constructor(values: LeafValues, most: number) {
    this.#values = values;
    this.#most = most;
  }

  get definition(): number {
    if (this.ended) throw uneven();
    return this.#values.definition?.[this.#level] ?? this.#most;
  }

  /** 0 where a row begins, and at the end. */
  get repetition(): number {
    return this.#values.repetition?.[this.#level] ?? 0;
  }

  get ended(): boolean {
    return this.#level >= this.#values.count;
  }

  take(): unknown {
    this.#level++;
    return this.#values.values[this.#value++];
  }

  /** Passes over a null or an empty list, in which all leaves have to agree. */
  pass(definition: number): void {
    if (this.definition !== definition) throw uneven();
    this.#level++;
  }
}

interface Level {
  readonly definition: number;
  readonly repetition: number;
}

type Open = (leaf: number, most: number) => Cursor;

/** A field with its repetition: required, optional, or a list of its own where it is repeated outside a LIST. */
function field(node: SchemaNode, above: Level, open: Open): Next {
  const kind = node.element.repetition_type;
  if (kind === 'REPEATED') return list(node, above, open, content);
  if (kind === 'REQUIRED') return content(node, above, open);
  const level = { ...above, definition: above.definition + 1 };
  const cursors: Cursor[] = [];
  const next = content(node, level, collecting(open, cursors));
  const [first] = cursors;
  return () => {
    const { definition } = first!;
    if (definition >= level.definition) return next();
    for (const cursor of cursors) cursor.pass(definition);
    return null;
  };
}

function content(node: SchemaNode, level: Level, open: Open): Next {
  const { leaf, children, element } = node;
  if (leaf) {
    const cursor = open(leaf.index, leaf.maxDefinition);
    return () => cursor.take();
  }
  const [only] = children;
  const kind = element.converted_type ?? element.logical_type?.type;
  if (children.length === 1 && only?.element.repetition_type === 'REPEATED') {
    if (kind === 'LIST') return list(only, level, open, listItem);
    if ((kind === 'MAP' || kind === 'MAP_KEY_VALUE') && only.children.length === 2) {
      const pairs = list(only, level, open, pair);
      return () => mapOf(pairs() as Pair[]);
    }
  }
  const next = struct(node, level, open);
  return element.logical_type?.type === 'VARIANT' ? () => decodeVariantColumn(next()) : next;
}

type Compile = (node: SchemaNode, level: Level, open: Open) => Next;

function list(repeated: SchemaNode, above: Level, open: Open, item: Compile): Next {
  const level = { definition: above.definition + 1, repetition: above.repetition + 1 };
  const cursors: Cursor[] = [];
  const next = item(repeated, level, collecting(open, cursors));
  const [first] = cursors;
  return () => {
    const { definition } = first!;
    const items: unknown[] = [];
    if (definition < level.definition) {
      for (const cursor of cursors) cursor.pass(definition);
      return items;
    }
    do items.push(next());
    while (first!.repetition === level.repetition);
    return items;
  };
}

/** In a LIST the repeated group is only a shell around its single field, except in files of old writers. */
function listItem(repeated: SchemaNode, level: Level, open: Open): Next {
  return repeated.children.length === 1 ? field(repeated.children[0]!, level, open) : content(repeated, level, open);
}

function struct({ children }: SchemaNode, level: Level, open: Open): Next {
  const names = children.map((child) => child.element.name);
  const fields = children.map((child) => field(child, level, open));
  if (new Set(names).size < names.length) return () => names.map((key, index) => ({ key, value: fields[index]!() }));
  return () => {
    const value: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index++) setField(value, names[index]!, fields[index]!());
    return value;
  };
}

interface Pair {
  readonly key: unknown;
  readonly value: unknown;
}

function pair(entry: SchemaNode, level: Level, open: Open): Next {
  const [key, value] = entry.children.map((child) => field(child, level, open));
  return (): Pair => ({ key: key!(), value: value!() });
}

/** An object where it holds the same; a list of pairs where keys are repeated, are not text, or would change their order. */
function mapOf(pairs: readonly Pair[]): unknown {
  const keys = new Set(pairs.map(({ key }) => key));
  if (keys.size < pairs.length || pairs.some(({ key }) => typeof key !== 'string' || /^\d+$/.test(key))) return pairs;
  const value: Record<string, unknown> = {};
  for (const entry of pairs) setField(value, entry.key as string, entry.value);
  return value;
}

/** Assigning `__proto__` would set the prototype and lose the field. */
function setField(of: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') of[name] = value;
  else Object.defineProperty(of, name, { value, enumerable: true, configurable: true, writable: true });
}

function collecting(open: Open, cursors: Cursor[]): Open {
  return (leaf, most) => {
    const cursor = open(leaf, most);
    cursors.push(cursor);
    return cursor;
  };
}

function uneven(): Error {
  return new Error('its values do not make whole rows');
}
