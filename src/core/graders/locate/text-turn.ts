/** A turn of a text that holds several, and where its content is in it. */

import type { Message } from '../../datasets/records.ts';

export interface TextTurn {
  readonly message: Message;
  readonly from: number;
  readonly to: number;
}

/** A turn without the blanks around its content. */
export function textTurn(text: string, role: Message['role'], start: number, end: number): TextTurn {
  const raw = text.slice(start, end);
  const content = raw.trim();
  const from = content === '' ? start : start + raw.indexOf(content);
  return { message: { role, content }, from, to: from + content.length };
}
