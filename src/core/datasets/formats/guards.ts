/** Guards: what the sampled values of a column must not look like, though each one alone would fit the shape. */

import type { ShapeDeclaration } from './declaration.ts';
import { numberOf } from './text.ts';

/** @param valuesOf the sampled cells of a field, or undefined where it is not bound
 *  @returns why the shape is refused, or undefined */
export function refusal(
  shape: ShapeDeclaration,
  valuesOf: (field: string) => readonly unknown[] | undefined,
): string | undefined {
  return shape.guards.find((guard) => GUARDS[guard.refuse](valuesOf(guard.of) ?? []))?.because;
}

const GUARDS: Record<ShapeDeclaration['guards'][number]['refuse'], (values: readonly unknown[]) => boolean> = {
  'one-to-five': (values) => {
    const numbers = values.map(numberOf).filter((number) => number !== undefined);
    return numbers.some((number) => number > 4 && number <= 5) && numbers.every((number) => number >= 1);
  },
};
