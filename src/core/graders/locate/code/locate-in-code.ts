/** The response at a position of source code, or all in a range: literals beside their prompt or their alternative. */

import { type DocumentText, selectedResponse } from '../document-text.ts';
import { readEncoded } from '../json/encoded.ts';
import { responseIn, selectionIn } from '../json/locate-in-tree.ts';
import { DEEPEST, responsesInTree } from '../json/responses-in-tree.ts';
import { isString, type Node, valuesAround } from '../json/tree.ts';
import type { Located, TextRange } from '../located.ts';
import { unlessTooDeep } from '../too-deep.ts';
import { type CodeLanguage, treeOfCode } from './tree-of-code.ts';

/** Code takes longer to read than data: so many UTF-16 code units take some tenths of a second. */
const LARGEST_CODE = 500_000;

export function locateInCode(
  document: DocumentText,
  offset: number,
  selection: TextRange | undefined,
  language: CodeLanguage,
): Located | undefined {
  if (document.length > LARGEST_CODE) return selection && selectedResponse(document, selection);
  const text = document.whole();
  const root = readCode(text, language);
  const path = valuesAround(root, selection?.start ?? offset);
  if (path.length > DEEPEST) return selection && selectedResponse(document, selection);
  if (selection !== undefined) {
    return isString(path.at(-1)) ? selectionIn(path, text, selection) : selectedResponse(document, selection);
  }
  const found = responseIn(path, text, offset);
  return found && isGradable(found) ? found : undefined;
}

/** The responses that a range of a document touches; none where that is too long. */
export function responsesInCode(document: DocumentText, range: TextRange, language: CodeLanguage): Located[] {
  if (document.length > LARGEST_CODE) return [];
  const text = document.whole();
  return unlessTooDeep(
    () => responsesInTree(readCode(text, language), text, range).filter(isGradable),
    () => [],
  );
}

function readCode(text: string, language: CodeLanguage): Node {
  const root = treeOfCode(text, language);
  readEncoded(root, text);
  return root;
}

/** Programs have many strings named "response"; one alone is none to grade. */
const isGradable = ({ promptKnown, sibling }: Located): boolean => promptKnown || sibling !== undefined;
