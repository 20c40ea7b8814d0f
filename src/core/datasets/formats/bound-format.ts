/** A row shape bound to the columns of one dataset: what reads its rows. */

import type { Column } from '../dataset.ts';
import type { Binding } from './binding.ts';
import type { ShapeDeclaration } from './declaration.ts';
import { type Interpreted, interpreterOf } from './interpret.ts';
import { type WholeTexts, wholeTextsOf } from './whole-texts.ts';

export class BoundFormat {
  readonly shape: ShapeDeclaration;
  readonly binding: Binding;
  /** Columns to read, as indexes of the dataset, in the order in which `interpret` takes their cells. */
  readonly columns: readonly number[];
  /** Cells in the order of `columns` -> what the row holds. */
  readonly interpret: (cells: readonly unknown[]) => Interpreted[];
  /** Where all that a row holds is a pair of whole texts. */
  readonly wholeTexts: WholeTexts | undefined;
  readonly #fields: readonly string[];
  readonly #columnNames: ReadonlyMap<string, string>;

  constructor(shape: ShapeDeclaration, binding: Binding, columns: readonly Column[]) {
    this.shape = shape;
    this.binding = binding;
    this.#fields = Object.keys(binding);
    this.columns = Object.values(binding);
    this.#columnNames = new Map(this.#fields.map((field) => [field, columns[binding[field]!]?.name ?? field]));
    this.wholeTexts = wholeTextsOf(shape, this.#fields);
    this.interpret = interpreterOf(shape, this.#fields, (field) => this.columnOf(field));
  }

  /** The names of the columns, by field. */
  columnOf(field: string): string {
    return this.#columnNames.get(field) ?? this.#sourceOf(field) ?? field;
  }

  get columnNames(): readonly string[] {
    return [...this.#columnNames.values()];
  }

  /** The column that a name set by a step comes from. Of several names and sources, the last go together. */
  #sourceOf(name: string): string | undefined {
    for (const { as, of } of this.shape.steps) {
      const names = typeof as === 'string' ? [as] : as;
      const place = names.indexOf(name);
      if (place < 0) continue;
      const source = of[names.length === 1 ? 0 : Math.max(0, place - (names.length - of.length))];
      return source === undefined || source === name ? undefined : this.columnOf(source);
    }
    return undefined;
  }
}
