/** The response at a position of a tree of values: the string under it, read by the shape of its row. */

import type { Message } from '../../../datasets/records.ts';
import { dialogueTurns } from '../dialogue.ts';
import { assistant, type Located, located, type TextRange } from '../located.ts';
import type { Spelling } from '../spelling.ts';
import { passagesOf } from './passages.ts';
import { promptOfRow } from './prompt.ts';
import { locatedPassage, passagesOfRow, type RowPassage, rangeOf } from './responses.ts';
import { isString, type Node, type StringNode, spellingOf } from './tree.ts';

/** The response at an offset of `text`; `path` has the values around it, from the root to the innermost. */
export function responseIn(path: readonly Node[], text: string, offset: number): Located | undefined {
  const literal = path.at(-1);
  if (!isString(literal)) return undefined;
  const passage = passagesOfLiteral(path, literal).find((candidate) => {
    const { start, end } = rangeOf(candidate, text);
    return candidate.part === undefined || (start <= offset && offset <= end);
  });
  return passage?.isResponse ? locatedPassage(passage, text) : undefined;
}

/** The selected text as the response; a selection of a whole response is that response. */
export function selectionIn(path: readonly Node[], text: string, selection: TextRange): Located | undefined {
  const literal = path.at(-1);
  if (!isString(literal) || selection.end > literal.offset + literal.length) {
    return located(selection, assistant(text.slice(selection.start, selection.end)), { prompt: promptAround(path) });
  }
  const spelling = spellingOf(literal, text);
  const part = spelling.partAt(selection);
  const passages = passagesOfLiteral(path, literal);
  const whole = passages.find((passage) => passage.isResponse && covers(part, passage, spelling));
  if (whole !== undefined) return locatedPassage(whole, text);
  const around = passages.findLast((passage) => (passage.part?.from ?? 0) <= part.from);
  const prompt = around?.prompt ?? promptAround(path);
  const field = around?.field;
  return located(spelling.rangeOf(part.from, part.to), assistant(spelling.value.slice(part.from, part.to)), {
    prompt,
    field,
  });
}

/** The passages that a literal holds. Outer values come first: they know more of the conversation than inner ones. */
function passagesOfLiteral(path: readonly Node[], literal: StringNode): RowPassage[] {
  for (const row of path) {
    const passages = passagesOfRow(row).filter((candidate) => candidate.literal === literal);
    if (passages.length > 0) return passages;
  }
  return dialogueTurns(literal.value) === undefined ? [] : passagesOf(literal);
}

/** Whether a part has all of a passage but the blanks at its ends. */
function covers(part: { from: number; to: number }, { part: of }: RowPassage, { value }: Spelling): boolean {
  const from = of?.from ?? value.length - value.trimStart().length;
  const to = of?.to ?? value.trimEnd().length;
  return part.from <= from && part.to >= to;
}

/** The prompt of the outermost row that has one. */
function promptAround(path: readonly Node[]): readonly Message[] {
  return path.map(promptOfRow).find((prompt) => prompt.length > 0) ?? [];
}
