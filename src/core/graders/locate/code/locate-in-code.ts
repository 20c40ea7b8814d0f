/** The response at a position of source code: a string literal beside its prompt or its alternative. */

import { type DocumentText, selectedResponse } from '../document-text.ts';
import { readEncoded } from '../json/encoded.ts';
import { responseIn, selectionIn } from '../json/locate-in-tree.ts';
import { isString, valuesAround } from '../json/tree.ts';
import type { Located, TextRange } from '../located.ts';
import { type CodeLanguage, treeOfCode } from './tree-of-code.ts';

/** Code takes longer to read than data: so many UTF-16 code units take some tenths of a second. */
const LARGEST_CODE = 500_000;

/** Values inside each other; each is read as a row, with all that it holds. */
const DEEPEST = 200;

export function locateInCode(
  document: DocumentText,
  offset: number,
  selection: TextRange | undefined,
  language: CodeLanguage,
): Located | undefined {
  if (document.length > LARGEST_CODE) return selection && selectedResponse(document, selection);
  const text = document.whole();
  const root = treeOfCode(text, language);
  readEncoded(root, text);
  const path = valuesAround(root, selection?.start ?? offset);
  if (path.length > DEEPEST) return selection && selectedResponse(document, selection);
  if (selection !== undefined) {
    return isString(path.at(-1)) ? selectionIn(path, text, selection) : selectedResponse(document, selection);
  }
  const found = responseIn(path, text, offset);
  // Programs have many strings named "response"; one alone is none to grade.
  return found?.promptKnown || found?.sibling ? found : undefined;
}
