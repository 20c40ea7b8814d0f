/**
 * Text that a chat template has made: turns between tokens. ChatML, Llama 2 and 3, Mistral, Gemma, Zephyr and Phi, and the
 * lines of HelpSteer2.
 */

import { ROLES } from '../../datasets/formats/message-names.ts';
import type { Role } from '../../datasets/records.ts';
import { type TextTurn, textTurn } from './text-turn.ts';

const NAME = String.raw`[A-Za-z]{2,12}`;
/** What begins a turn; a named group has its role, where the token itself has not. */
const OPENINGS = [
  String.raw`<\|im_start\|>[ \t]*(?<chatml>${NAME})[^\n<]{0,40}\n`,
  String.raw`<\|start_header_id\|>[ \t]*(?<llama3>${NAME})[ \t]*<\|end_header_id\|>`,
  String.raw`<start_of_turn>[ \t]*(?<gemma>${NAME})[ \t]*\n`,
  String.raw`<\|(?<zephyr>system|user|assistant|tool)\|>`,
  String.raw`<extra_id_1>(?<nemotron>User|Assistant)\n`,
  String.raw`<<SYS>>`,
  String.raw`\[INST\]`,
  String.raw`\[/INST\]`,
  String.raw`<</SYS>>`,
];
const CLOSINGS = [
  String.raw`<\|im_end\|>`,
  String.raw`<\|eot_id\|>`,
  String.raw`<\|end_of_text\|>`,
  String.raw`<\|endoftext\|>`,
  String.raw`<end_of_turn>`,
  String.raw`<\|end\|>`,
  String.raw`</s>`,
  String.raw`<eos>`,
];
/** What a text may begin with before its first turn. */
const PREFIX = /^(?:\s|<\|begin_of_text\|>|<\|startoftext\|>|<bos>|<s>)*$/;

const TOKEN = new RegExp([...OPENINGS, ...CLOSINGS].join('|'), 'g');
const LIKELY = /<\|(?:im_start|start_header_id|system|user|assistant)\|>|<start_of_turn>|<extra_id_1>|\[INST\]/;

export const mayHoldTemplateTurns = (text: string): boolean => LIKELY.test(text);

const FIXED: Readonly<Record<string, Role>> = {
  '<<SYS>>': 'system',
  '[INST]': 'user',
  '<</SYS>>': 'user',
  '[/INST]': 'assistant',
};

/** The turns of a text that begins with one, or undefined; what stands between turns is passed over. */
export function templateTurns(text: string): TextTurn[] | undefined {
  if (!mayHoldTemplateTurns(text)) return undefined;
  const turns = turnsBetweenTokens(text);
  const first = text.search(TOKEN);
  return turns.length > 0 && PREFIX.test(text.slice(0, first)) ? turns : undefined;
}

/** All turns of a text. `endsAt` says where a turn that no token ends, ends. */
export function turnsBetweenTokens(text: string, endsAt: (from: number) => number = () => text.length): TextTurn[] {
  const turns: TextTurn[] = [];
  let open: { readonly role: Role; readonly from: number } | undefined;
  const close = (end: number) => {
    if (open !== undefined) turns.push(textTurn(text, open.role, open.from, end));
    open = undefined;
  };
  for (const mark of text.matchAll(TOKEN)) {
    const role = roleOf(mark);
    close(Math.min(mark.index, open === undefined ? mark.index : endsAt(open.from)));
    if (role !== undefined) open = { role, from: mark.index + mark[0].length };
  }
  if (open !== undefined) close(endsAt(open.from));
  return turns.filter(({ message }) => message.content !== '' || message.role === 'assistant');
}

function roleOf({ 0: token, groups }: RegExpExecArray): Role | undefined {
  const fixed = FIXED[token];
  if (fixed !== undefined) return fixed;
  const name = Object.values(groups ?? {}).find((value) => value !== undefined);
  const known = name?.toLowerCase() ?? '';
  return Object.hasOwn(ROLES, known) ? ROLES[known] : undefined;
}
