/** The names that data sets give to the role and the content of a message, and to the roles. */

import type { Role } from '../records.ts';

export const ROLE_KEYS = ['role', 'from', 'user', 'speaker'] as const;
export const CONTENT_KEYS = ['content', 'value', 'text', 'message'] as const;

export const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  prompter: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  bot: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
};
