/** LLaMA-Factory: conversations of {from, value}, and the entry of `dataset_info.json` that names them. */

import { StudioError } from '../../../errors.ts';
import type { MethodId } from '../../../methods/method.ts';
import type { Message } from '../../records.ts';
import type { OutputCell, OutputType } from '../columns.ts';
import { unfitForOneMessage } from './conversations.ts';
import type { Dialect, Register, UnfitReason } from './dialect.ts';

const TURN: OutputType = { struct: { from: 'string', value: 'string' } };
const NAMES: Readonly<Record<Message['role'], string>> = {
  system: 'system',
  user: 'human',
  assistant: 'gpt',
  tool: 'observation',
};

const turnOf = ({ role, content }: Message): { readonly from: string; readonly value: string } => ({
  from: NAMES[role],
  value: content,
});
const turnsOf = (messages: readonly Message[]): OutputCell => messages.map(turnOf);

/** After a system message, it wants user (or tool) and assistant in turn; it leaves out other rows without a word. */
function unfitTurns(messages: readonly Message[]): UnfitReason | undefined {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  if (turns.length === 0) return 'no-prompt';
  const inTurn = turns.every(({ role }, index) => (index % 2 === 1) === (role === 'assistant') && role !== 'system');
  return inTurn ? undefined : 'roles-not-alternating';
}

const JUDGE =
  'LLaMA-Factory has no rows of scores or labels: it learns from pairs (--to bt) and conversations (--to sft)';

const register: Register = {
  name: 'dataset_info.json',
  content(before, method, files) {
    if (before !== undefined && (typeof before !== 'object' || before === null || Array.isArray(before))) {
      throw new StudioError('damaged-file', 'The dataset_info.json that is there is not a JSON object.', {
        where: { file: 'dataset_info.json' },
        hint: 'Repair it or choose another folder.',
      });
    }
    const entries = files.map(({ file, entry }) => [entry, entryOf(file, method)]);
    return { ...before, ...Object.fromEntries(entries) };
  },
};

function entryOf(file: string, method: MethodId): object {
  const pairs = method === 'bradley-terry';
  return {
    file_name: file,
    formatting: 'sharegpt',
    ...(pairs ? { ranking: true } : {}),
    columns: { messages: 'conversations', ...(pairs ? { chosen: 'chosen', rejected: 'rejected' } : {}) },
    tags: {
      role_tag: 'from',
      content_tag: 'value',
      user_tag: 'human',
      assistant_tag: 'gpt',
      observation_tag: 'observation',
      system_tag: 'system',
    },
  };
}

export const llamaFactory: Dialect = {
  id: 'llama-factory',
  title: 'LLaMA-Factory: conversations, chosen and rejected of {from, value}, with dataset_info.json',
  register,
  layouts: {
    'bradley-terry': {
      columns: [
        { name: 'conversations', type: { list: TURN } },
        { name: 'chosen', type: TURN },
        { name: 'rejected', type: TURN },
      ],
      cells: ({ prompt, chosen, rejected }) => [turnsOf(prompt), turnOf(chosen[0]!), turnOf(rejected[0]!)],
      unfit({ prompt, chosen, rejected }) {
        const unfit = unfitTurns(prompt) ?? unfitForOneMessage(chosen, rejected);
        return unfit ?? (prompt.at(-1)?.role === 'assistant' ? 'roles-not-alternating' : undefined);
      },
      loses: ['margin'],
    },
    pointwise: JUDGE,
    pairwise: JUDGE,
    sft: {
      columns: [{ name: 'conversations', type: { list: TURN } }],
      cells: ({ messages }) => [turnsOf(messages)],
      unfit: ({ messages }) => unfitTurns(messages),
    },
  },
};
