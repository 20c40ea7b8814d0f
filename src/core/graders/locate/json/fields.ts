/** The names under which data sets keep prompts and responses, as ../shared/reference lists them. */

/** What asks, and may have an `input` that it works on beside it. */
export const INSTRUCTION_FIELDS = ['prompt', 'question', 'instruction', 'orig_instruction', 'query'] as const;
/** Where a prompt is looked for; the first that has one wins. */
export const PROMPT_FIELDS = [...INSTRUCTION_FIELDS, 'input', 'context'] as const;
export const SYSTEM_FIELDS = ['system', 'system_prompt'] as const;
export const CONVERSATION_FIELDS = ['messages', 'conversations', 'conversation', 'dialogue'] as const;
export const PREFERENCE_FIELDS = ['chosen', 'rejected'] as const;
export const LIST_FIELDS = ['responses', 'outputs', 'candidates', 'completions', 'generations', 'output'] as const;

/** Names that mean a response by themselves. */
export const RESPONSE_FIELDS = ['response', 'orig_response'] as const;

/** Names that mean a response only beside a prompt; alone they may be anything. */
export const RESPONSE_BESIDE_PROMPT_FIELDS = ['completion', 'answer', 'output', 'text', 'generation', 'reply'] as const;

/** Where an object that stands for one response keeps its text. */
export const TEXT_FIELDS = [
  'content',
  'text',
  'value',
  'answer',
  'response',
  'message',
  'completion',
  'output',
] as const;

const NUMBERED_STEMS: readonly string[] = [
  'response',
  'orig_response',
  'output',
  'answer',
  'completion',
  'candidate',
  'assistant',
  'generation',
];
const NUMBERED = /^(.*[A-Za-z])(?:[ _-]?\d{1,2}|[ _-][A-Ha-h])$|^(.*[a-z])[A-H]$/;

/** `response` of "response 1", "response_a" or "responseB": what the numbered alternatives of a row have in common. */
export function numberedStem(field: string): string | undefined {
  const match = NUMBERED.exec(field.trim());
  const stem = (match?.[1] ?? match?.[2])?.toLowerCase();
  return stem !== undefined && NUMBERED_STEMS.includes(stem) ? stem : undefined;
}

export function isOneOf(field: string, names: readonly string[]): boolean {
  return names.includes(field.trim().toLowerCase());
}
