/**
 * Text that a chat template has made: turns between tokens. ChatML, Llama 2 and 3, Mistral, Gemma, Zephyr, Phi, DeepSeek, and
 * the lines of HelpSteer2.
 */

import { ROLES } from '../../datasets/formats/message-names.ts';
import type { Role } from '../../datasets/records.ts';
import { type TextTurn, textTurn } from './text-turn.ts';

/** What begins a turn; a named group has its role, where the token itself has not. */
const OPENINGS = [
  /<\|im_start\|>[ \t]*(?<chatml>[A-Za-z]{2,12})[^\n<]{0,40}\n/,
  /<\|start_header_id\|>[ \t]*(?<llama3>[A-Za-z]{2,12})[ \t]*<\|end_header_id\|>/,
  /<start_of_turn>[ \t]*(?<gemma>[A-Za-z]{2,12})[ \t]*\r?\n/,
  /<\|(?<zephyr>system|user|assistant|tool)\|>/,
  /<extra_id_1>(?<nemotron>User|Assistant)\r?\n/,
  /<｜(?<deepseek>User|Assistant)｜>/,
  /<<SYS>>/,
  /\[INST\]/,
  /\[\/INST\]/,
  /<<\/SYS>>/,
];
const CLOSINGS =
  /<\|im_end\|>|<\|eot_id\|>|<\|end_of_text\|>|<\|endoftext\|>|<end_of_turn>|<\|end\|>|<\/s>|<eos>|<｜end▁of▁sentence｜>/;
/** What a template puts before the first turn. */
const BEGINNINGS = /<\|begin_of_text\|>|<\|startoftext\|>|<bos>|<s>|<｜begin▁of▁sentence｜>/;

const either = (patterns: readonly RegExp[]): RegExp => new RegExp(patterns.map(({ source }) => source).join('|'), 'g');
const TOKEN = either([...OPENINGS, CLOSINGS]);
const ANY_TOKEN = either([...OPENINGS, CLOSINGS, BEGINNINGS]);
const LIKELY =
  /<\|(?:im_start|start_header_id|system|user|assistant)\|>|<start_of_turn>|<extra_id_1>|<｜User｜>|\[INST\]/;

const FIXED: Readonly<Record<string, Role>> = {
  '<<SYS>>': 'system',
  '[INST]': 'user',
  '<</SYS>>': 'user',
  '[/INST]': 'assistant',
};

export interface TemplateTurn extends TextTurn {
  /** Where the token that begins it begins. */
  readonly opened: number;
}

/** The turns of a text that begins with one, or undefined; what stands between turns is passed over. */
export function templateTurns(text: string): TextTurn[] | undefined {
  const turns = turnsBetweenTokens(text);
  const [first] = turns;
  return first !== undefined && holdsTokensOnly(text.slice(0, first.opened)) ? turns : undefined;
}

/** All turns of a text. `endsAt` says where a turn that no token ends, ends. */
export function turnsBetweenTokens(text: string, endsAt: (from: number) => number = () => text.length): TemplateTurn[] {
  if (!LIKELY.test(text)) return [];
  const turns: TemplateTurn[] = [];
  let open: { readonly role: Role; readonly opened: number; readonly from: number } | undefined;
  const close = (end: number) => {
    if (open !== undefined) turns.push({ ...textTurn(text, open.role, open.from, end), opened: open.opened });
    open = undefined;
  };
  for (const mark of text.matchAll(TOKEN)) {
    const role = roleOf(mark);
    close(mark.index);
    if (role !== undefined) open = { role, opened: mark.index, from: mark.index + mark[0].length };
  }
  if (open !== undefined) close(endsAt(open.from));
  return turns.filter(({ message }) => message.content !== '' || message.role === 'assistant');
}

/** Whether a text has no words beside the tokens of templates. */
export const holdsTokensOnly = (text: string): boolean => text.replace(ANY_TOKEN, '').trim() === '';

function roleOf({ 0: token, groups }: RegExpExecArray): Role | undefined {
  const fixed = FIXED[token];
  if (fixed !== undefined) return fixed;
  const name = Object.values(groups ?? {}).find((value) => value !== undefined);
  const known = name?.toLowerCase() ?? '';
  return Object.hasOwn(ROLES, known) ? ROLES[known] : undefined;
}
