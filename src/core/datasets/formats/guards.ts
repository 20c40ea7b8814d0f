/** Guards: what the sampled values of a column must not look like, though each one alone would fit the shape. */

import type { ShapeDeclaration } from './declaration.ts';
import { numberOf, shellWord } from './text.ts';

/** @param valuesOf the sampled cells of a field, or undefined where it is not bound
 *  @param columnOf the column that a field is bound to, for what a person can say about it
 *  @returns why the shape is refused, or undefined */
export function refusal(
  shape: ShapeDeclaration,
  valuesOf: (field: string) => readonly unknown[] | undefined,
  columnOf: (field: string) => string,
): string | undefined {
  const guard = shape.guards.find(({ refuse, of }) => GUARDS[refuse](valuesOf(of) ?? []));
  return guard?.because.replace('COLUMN', () => shellWord(columnOf(guard.of)));
}

const GUARDS: Record<ShapeDeclaration['guards'][number]['refuse'], (values: readonly unknown[]) => boolean> = {
  // Some zeros for "not rated" do not make it a scale from 0 to 4, nor does one slip of the pen end a scale at 10.
  'one-to-five': (values) => {
    const numbers = numbersOf(values);
    const fives = numbers.filter((number) => number > 4 && number <= 5).length;
    return fives > 0 && fives >= numbers.filter((number) => number < 1 || number > 5).length;
  },
  'zero-to-four': (values) => {
    const numbers = numbersOf(values);
    return numbers.includes(0) && numbers.every((number) => number <= 4);
  },
};

function numbersOf(values: readonly unknown[]): number[] {
  return values.map(numberOf).filter((number) => number !== undefined);
}
