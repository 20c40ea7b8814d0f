/** All responses in a tree of values: those that `responseIn` finds at the positions of their strings. */

import { dialogueTurns } from '../dialogue.ts';
import type { Located, TextRange } from '../located.ts';
import { type Passage, passagesOf } from './passages.ts';
import { locatedPassage, passagesOfRow, type RowPassage } from './responses.ts';
import { isString, type Node, valuesIn } from './tree.ts';

/** Values inside each other; each is read as a row, with all that it holds. */
export const DEEPEST = 200;

/** The responses that a range of `text` touches, in the order of their literals. */
export function responsesInTree(root: Node, text: string, range: TextRange): Located[] {
  const ofRows = new Map<Passage['literal'], RowPassage[]>();
  const found: Located[] = [];
  visit(root, 1);
  return found.filter(({ start, end }) => start <= range.end && end >= range.start);

  function visit(node: Node, depth: number): void {
    if (depth > DEEPEST || node.offset > range.end || node.offset + node.length < range.start) return;
    if (isString(node)) {
      const passages = ofRows.get(node) ?? (dialogueTurns(node.value) === undefined ? [] : passagesOf(node));
      for (const passage of reachable(passages)) {
        const response = passage.isResponse ? locatedPassage(passage, text) : undefined;
        if (response !== undefined) found.push(response);
      }
      return;
    }
    // Outer values come first: they know more of the conversation than inner ones.
    const passages = passagesOfRow(node).filter(({ literal }) => !ofRows.has(literal));
    for (const passage of passages) ofRows.set(passage.literal, [...(ofRows.get(passage.literal) ?? []), passage]);
    for (const value of valuesIn(node)) visit(value, depth + 1);
  }
}

/** A passage that is all of its literal hides those after it. */
function reachable<Of extends Passage>(passages: readonly Of[]): readonly Of[] {
  const whole = passages.findIndex(({ part }) => part === undefined);
  return whole < 0 ? passages : passages.slice(0, whole + 1);
}
