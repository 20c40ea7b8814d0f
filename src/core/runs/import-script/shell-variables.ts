/**
 * The variables of a script as far as reading it tells their values. What only running it would tell stays in the value as
 * it is written, marked as missing. The environment of this process is not looked at: the same script imports alike anywhere.
 */

import { StudioError } from '../../errors.ts';
import type { Command, Part, Word } from './shell-word.ts';

/** Something in a value that is not known without running the script. */
export interface Missing {
  /** As it is written: `$(date)`, `${DATA}`. */
  readonly source: string;
  /** The variable that would have to be given, where it is one. */
  readonly name?: string;
  readonly line: number;
}

export interface Piece {
  readonly text: string;
  readonly missing?: Missing;
  /** Quoted within `${NAME:-...}`: not split into several arguments. */
  readonly whole?: boolean;
  /** Line of the array item that it begins. */
  readonly line?: number;
}
export type Value = readonly Piece[];

/** A variable that has no value in the script itself, only a default: `${MODEL:-Qwen/Qwen3-8B}`. */
export interface UsedDefault {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

/** Characters of all expansions of a script together: stops values that double from line to line. */
const MOST_CHARACTERS = 1024 * 1024;
const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=/;
const DECLARING = new Set(['export', 'declare', 'local', 'readonly', 'typeset']);
/** How scripts name the folder they are in, without quotes and blanks. */
const OWN_FOLDER =
  /^(?:\$\(dirname(?:--)?(?:\$0|\$\{BASH_SOURCE(?:\[0\])?\})\)|\$\(cd(?:--)?\$\(dirname(?:--)?(?:\$0|\$\{BASH_SOURCE(?:\[0\])?\})\)(?:>\/dev\/null2>&1)?&&pwd(?:-P)?\)|\$\(dirname\$\((?:realpath|readlink-f)(?:\$0|\$\{BASH_SOURCE(?:\[0\])?\})\)\)|\$\(pwd\)|`pwd`)$/;

export const textOf = (value: Value): string => value.map(({ text }) => text).join('');
export const missingOf = (value: Value): Missing[] => value.flatMap(({ missing }) => missing ?? []);

export class Variables {
  readonly #values = new Map<string, Value[]>();
  readonly #defaults = new Map<string, UsedDefault>();
  /** Lines of assignments under a condition, by variable. */
  readonly #conditional = new Map<string, number[]>();
  readonly #read = new Set<string>();
  #characters = 0;

  /** @param given values of variables that the script does not set, by name; `1` is its first argument */
  constructor(given: Readonly<Record<string, string>>) {
    this.#values.set('PWD', [[{ text: '.' }]]);
    for (const [name, text] of Object.entries(given)) this.#values.set(name, [[{ text }]]);
  }

  get defaults(): readonly UsedDefault[] {
    return [...this.#defaults.values()];
  }

  /** Variables that are looked at and that a condition sets or not: whether it does is not known. */
  get conditional(): { readonly name: string; readonly lines: readonly number[] }[] {
    return [...this.#conditional].filter(([name]) => this.#read.has(name)).map(([name, lines]) => ({ name, lines }));
  }

  /** Takes what a command assigns; true if it does nothing else. */
  assign({ words, conditional }: Command): boolean {
    const [first] = words;
    const declares =
      first?.parts.length === 1 && first.parts[0]!.kind === 'text' && DECLARING.has(first.parts[0]!.text);
    const assignments = declares ? words.slice(1) : words;
    if (!declares && !assignments.every((word) => assignmentOf(word))) return false;
    for (const word of assignments) {
      const assignment = assignmentOf(word);
      if (assignment) this.#set(word, assignment, conditional);
    }
    return true;
  }

  /** The arguments that a word becomes: several where it is an unquoted list or an array, none where it is empty. */
  fields(word: Word): Value[] {
    const fields: Value[] = [];
    let current: Piece[] | undefined;
    const end = () => {
      if (current) fields.push(current);
      current = undefined;
    };
    const add = (piece: Piece) => {
      current ??= [];
      if (piece.text !== '') current.push(piece);
    };
    for (const part of word.parts) {
      this.#part(part, word.line).forEach((item, index) => {
        if (index > 0) end();
        if (part.quoted) add({ text: '' });
        for (const piece of item) {
          if (part.quoted || part.kind === 'text' || piece.missing || piece.whole) add(piece);
          else {
            piece.text.split(/[ \t\n]+/).forEach((text, position) => {
              if (position > 0) end();
              if (text !== '') add({ ...piece, text });
            });
          }
        }
      });
    }
    end();
    return fields;
  }

  #set(word: Word, { name, append }: { name: string; append: boolean }, conditional: boolean): void {
    const before = this.#values.get(name);
    if (conditional) {
      const lines = this.#conditional.get(name);
      if (lines) lines.push(word.line);
      else this.#conditional.set(name, [word.line]);
      // Whether the branch is taken is not known: it counts only where nothing else gives a value.
      if (before && !append && isFilled(before)) return;
    }
    const items = word.items ? word.items.flatMap((item) => this.#items(item)) : [this.#assignedValue(word)];
    if (!append) this.#values.set(name, items);
    else if (!before) this.#values.set(name, items);
    else if (word.items) for (const item of items) before.push(item);
    else before[0] = this.#bounded(merged([...(before[0] ?? []), ...items[0]!]));
  }

  #items(word: Word): Value[] {
    return this.fields(word).map(([first = { text: '' }, ...rest]) => [{ line: word.line, ...first }, ...rest]);
  }

  /** What stands after `NAME=`: no splitting there. */
  #assignedValue(word: Word): Value {
    const [first, ...rest] = word.parts;
    const text = first?.kind === 'text' ? first.text.slice(first.text.indexOf('=') + 1) : '';
    const parts: Part[] = [{ kind: 'text', text, quoted: false }, ...rest];
    return this.#joined(parts, word.line);
  }

  #joined(parts: readonly Part[], line: number): Value {
    return merged(this.#operand(parts, line));
  }

  #operand(parts: readonly Part[], line: number): Value {
    return parts.flatMap((part) => {
      const pieces = this.#part(part, line).flatMap((item, index) => (index === 0 ? item : [{ text: ' ' }, ...item]));
      return part.quoted ? pieces.map((piece) => ({ ...piece, whole: true })) : pieces;
    });
  }

  /** The items that a part stands for: one, but for `"${ARRAY[@]}"`. */
  #part(part: Part, line: number): readonly Value[] {
    if (part.kind === 'text') return [this.#bounded([{ text: part.text }])];
    if (part.kind === 'opaque') {
      if (OWN_FOLDER.test(part.source.replace(/["\s]/g, ''))) return [[{ text: '.' }]];
      return [this.#bounded([{ text: part.source, missing: { source: part.source, line } }])];
    }
    const { name, operator, operand = [] } = part;
    this.#read.add(name);
    const known = this.#values.get(name);
    const set = known && (!operator?.startsWith(':') || isFilled(known));
    if (operator?.endsWith('+')) return [set ? this.#operand(operand, line) : []];
    if (set) return (part.items ? known : known.slice(0, 1)).map((item) => this.#bounded(item));
    if (operator?.endsWith('-') || operator?.endsWith('=')) {
      const value = this.#operand(operand, line);
      const text = textOf(value);
      if (text !== '' && !this.#defaults.has(name)) this.#defaults.set(name, { name, text, line });
      if (operator.endsWith('=')) this.#values.set(name, [merged(value)]);
      return [value];
    }
    return [this.#bounded([{ text: part.source, missing: { source: part.source, name, line } }])];
  }

  #bounded(value: Value): Value {
    for (const { text } of value) this.#characters += text.length + 1;
    if (this.#characters > MOST_CHARACTERS) {
      throw new StudioError(
        'unsupported-file',
        'The variables of this script expand to more text than any launch script.',
        {
          hint: 'Name the script that starts the training.',
        },
      );
    }
    return value;
  }
}

function assignmentOf(word: Word): { name: string; append: boolean } | undefined {
  const [first] = word.parts;
  const match = first?.kind === 'text' && !first.quoted ? ASSIGNMENT.exec(first.text) : undefined;
  return match ? { name: match[1]!, append: match[2] === '+' } : undefined;
}

/** Neither unset nor empty. */
const isFilled = (items: readonly Value[]): boolean =>
  items.length > 1 || (items[0] ?? []).some(({ text }) => text !== '');

/** Neighbouring texts as one piece. */
function merged(pieces: readonly Piece[]): Value {
  const value: Piece[] = [];
  let texts: string[] = [];
  const flush = () => {
    if (texts.length > 0) value.push({ text: texts.join('') });
    texts = [];
  };
  for (const piece of pieces) {
    if (piece.missing) {
      flush();
      value.push(piece);
    } else texts.push(piece.text);
  }
  flush();
  return value;
}
