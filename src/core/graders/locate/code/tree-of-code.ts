/**
 * Python, JavaScript and TypeScript as a tree of values: literals, dictionaries and lists as in JSON; the named arguments of
 * a call, and the variables that follow each other in a block, as objects. What a run would make of the rest is not known.
 */

import type { SyntaxNode } from '@lezer/common';
import { parser as javascript } from '@lezer/javascript';
import { parser as python } from '@lezer/python';
import type { Node } from '../json/tree.ts';
import { joined, type Spelling } from '../spelling.ts';
import { javascriptSpelling, pythonSpelling } from './strings.ts';

export type CodeLanguage = 'python' | 'javascript' | 'javascript-jsx' | 'typescript' | 'typescript-jsx';

const PARSERS = {
  python,
  javascript,
  'javascript-jsx': javascript.configure({ dialect: 'jsx' }),
  typescript: javascript.configure({ dialect: 'ts' }),
  'typescript-jsx': javascript.configure({ dialect: 'ts jsx' }),
} satisfies Record<CodeLanguage, unknown>;

/** The tree of a text, however damaged. Throws a RangeError where it is nested too deep. */
export function treeOfCode(text: string, language: CodeLanguage): Node {
  return new CodeReader(text, language).read(PARSERS[language].parse(text).topNode);
}

/** A value with the name it has where it stands; '' where it has none. */
type Entry = readonly [name: string, value: Node];

const BLOCKS: ReadonlySet<string> = new Set(['Script', 'Body', 'Block', 'ClassBody']);
const NAMES: ReadonlySet<string> = new Set([
  'VariableName',
  'VariableDefinition',
  'PropertyName',
  'PropertyDefinition',
  'MemberExpression',
]);
const ASSIGNS: ReadonlySet<string> = new Set(['AssignOp', 'Equals']);
const COMMAS: ReadonlySet<string> = new Set([',']);
const COLONS: ReadonlySet<string> = new Set([':']);
const BRACKETS = /^[()[\]{};]$|Comment$/;

class CodeReader {
  readonly #text: string;
  readonly #isPython: boolean;

  constructor(text: string, language: CodeLanguage) {
    this.#text = text;
    this.#isPython = language === 'python';
  }

  read(node: SyntaxNode): Node {
    if (BLOCKS.has(node.name)) return this.#block(node);
    switch (node.name) {
      case 'String':
      case 'FormatString':
      case 'TemplateString':
      case 'ContinuedString':
      case 'BinaryExpression':
        return this.#string(node);
      case 'ParenthesizedExpression':
        return this.#onlyPartOf(node);
      case 'DictionaryExpression':
        return objectOf(node, this.#entries(partsOf(node), COLONS));
      case 'ObjectExpression':
        return objectOf(
          node,
          partsOf(node).flatMap((property) => this.#entries(partsOf(property), COLONS)),
        );
      case 'ArgList':
        return objectOf(node, this.#entries(partsOf(node), ASSIGNS));
      case 'ArrayExpression':
      case 'TupleExpression':
        return { type: 'array', ...placeOf(node), children: this.#nameless(partsOf(node)).map(([, value]) => value) };
      case 'Number':
        return { type: 'number', ...placeOf(node), value: Number(this.#textOf(node).replaceAll('_', '')) };
      default:
        return objectOf(node, this.#nameless(partsOf(node)));
    }
  }

  /** Rows of variables: a name that comes again, or is changed, begins a new row. */
  #block(block: SyntaxNode): Node {
    const rows: Entry[][] = [[]];
    for (const entry of partsOf(block).flatMap((statement) => this.#statement(statement))) {
      const [name] = entry;
      if (name !== '' && rows.at(-1)?.some(([known]) => known === name)) rows.push([]);
      rows.at(-1)?.push(entry);
    }
    return objectOf(
      block,
      rows.filter((row) => row.length > 0).map((row): Entry => ['', objectAround(row)]),
    );
  }

  #statement(node: SyntaxNode): Entry[] {
    switch (node.name) {
      case 'AssignStatement':
      case 'AssignmentExpression':
      case 'UpdateStatement':
      case 'PropertyDeclaration':
      case 'VariableDeclaration':
        return splitAt(partsOf(node), COMMAS).flatMap((parts) => this.#assignment(parts));
      case 'ExpressionStatement':
      case 'ExportDeclaration':
      case 'StatementGroup':
        return partsOf(node).flatMap((part) => this.#statement(part));
      default:
        return this.#nameless([node]);
    }
  }

  /** `name = value`, with a type or without, `self.name = value`. A name that is changed otherwise has no known value. */
  #assignment(parts: readonly SyntaxNode[]): Entry[] {
    const [targets, values, ...more] = splitAt(parts, ASSIGNS);
    const target = targets?.find(({ name }) => NAMES.has(name));
    const [value, ...others] = values ?? [];
    const name = target === undefined ? '' : this.#nameOf(target);
    if (value !== undefined && others.length + more.length === 0) return [[name, this.read(value)]];
    const rest = this.#nameless(parts);
    const [first] = parts;
    return name === '' || first === undefined ? rest : [[name, objectOf(first, [])], ...rest];
  }

  /** Names and values on the two sides of a sign, between commas. */
  #entries(parts: readonly SyntaxNode[], signs: ReadonlySet<string>): Entry[] {
    return splitAt(parts, COMMAS).flatMap((part): Entry[] => {
      const [[name, ...noName] = [], [value, ...noValue] = [], ...more] = splitAt(part, signs);
      const isPair = name !== undefined && value !== undefined && noName.length + noValue.length + more.length === 0;
      return isPair ? [[this.#nameOf(name), this.read(value)]] : this.#nameless(part);
    });
  }

  #nameless(parts: readonly SyntaxNode[]): Entry[] {
    return parts
      .filter((part) => part.firstChild !== null || isLiteral(part))
      .map((part): Entry => ['', this.read(part)]);
  }

  /** The name that a node gives to a value; a constant in capitals means the same as a variable. */
  #nameOf(node: SyntaxNode): string {
    if (node.name === 'MemberExpression') return node.lastChild === null ? '' : this.#nameOf(node.lastChild);
    if (NAMES.has(node.name)) {
      const name = this.#textOf(node);
      return name === name.toUpperCase() ? name.toLowerCase() : name;
    }
    return this.#spelling(node)?.value ?? '';
  }

  #string(node: SyntaxNode): Node {
    const spelling = this.#spelling(node);
    if (spelling !== undefined) return { type: 'string', ...placeOf(node), value: spelling.value, spelling };
    if (node.name === 'BinaryExpression' && TYPE_SIGNS.has(node.firstChild?.nextSibling?.name ?? '')) {
      return this.#onlyPartOf(node);
    }
    return objectOf(node, this.#nameless(partsOf(node)));
  }

  /** How a text is spelled that one literal is, or several in a row or with plus signs between them. */
  #spelling(node: SyntaxNode): Spelling | undefined {
    switch (node.name) {
      case 'String':
      case 'FormatString':
      case 'TemplateString': {
        if (node.getChild('FormatReplacement') !== null || node.getChild('Interpolation') !== null) return undefined;
        const read = this.#isPython ? pythonSpelling : javascriptSpelling;
        return read(this.#text, node.from, node.to);
      }
      case 'ContinuedString':
      case 'BinaryExpression':
      case 'ParenthesizedExpression': {
        const parts = partsOf(node).filter((part) => part.name !== 'ArithOp' || this.#textOf(part) !== '+');
        const spellings = parts.map((part) => this.#spelling(part)).filter((spelling) => spelling !== undefined);
        return spellings.length === parts.length ? joined(spellings) : undefined;
      }
      default:
        return undefined;
    }
  }

  /** What stands in parentheses, or before a type, where that is one value. */
  #onlyPartOf(node: SyntaxNode): Node {
    const [only, next] = partsOf(node);
    const isOnly = only !== undefined && (next === undefined || TYPE_SIGNS.has(next.name));
    return isOnly ? this.read(only) : objectOf(node, this.#nameless(partsOf(node)));
  }

  #textOf(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}

const TYPE_SIGNS: ReadonlySet<string> = new Set(['as', 'satisfies']);

const isLiteral = ({ name }: SyntaxNode): boolean =>
  name === 'String' || name === 'FormatString' || name === 'TemplateString';

const placeOf = ({ from, to }: SyntaxNode) => ({ offset: from, length: to - from });

/** The children of a node without brackets, comments and marks of what is missing. */
function partsOf(node: SyntaxNode): SyntaxNode[] {
  const parts: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    const isMissing = child.type.isError && child.from === child.to;
    if (!isMissing && !BRACKETS.test(child.name)) parts.push(child);
  }
  return parts;
}

function splitAt(nodes: readonly SyntaxNode[], signs: ReadonlySet<string>): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (signs.has(node.name)) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

function objectOf(node: SyntaxNode, entries: readonly Entry[]): Node {
  return { type: 'object', ...placeOf(node), children: entries.map(propertyOf) };
}

/** An object that no bracket encloses: from its first value to its last. */
function objectAround(entries: readonly Entry[]): Node {
  const offset = entries[0]?.[1].offset ?? 0;
  const last = entries.at(-1)?.[1];
  const end = last === undefined ? offset : last.offset + last.length;
  return { type: 'object', offset, length: end - offset, children: entries.map(propertyOf) };
}

function propertyOf([name, value]: Entry): Node {
  const { offset, length } = value;
  return { type: 'property', offset, length, children: [{ type: 'string', offset, length: 0, value: name }, value] };
}
