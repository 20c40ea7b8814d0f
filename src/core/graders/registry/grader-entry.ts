/** What a person writes of a grader: its name, its kind, and what that kind needs. Keys are named, never written. */

import * as z from 'zod';
import { PROMPT_IDS } from '../../methods/judges/declared-prompts.ts';
import verdicts from '../../methods/judges/verdicts.json' with { type: 'json' };
import { endpointUrlProblem } from './endpoint-url.ts';

export const NAME_FORM = /^[^\p{Cc}\p{Bidi_Control}]{1,80}$/u;

const name = z.string().regex(NAME_FORM, 'must be 1 to 80 characters on one line').describe('how the grader is called');
const file = z.string().min(1);

export const KEY_NAME_FORM = /^[a-z][a-z0-9-]{0,39}$/;
const key = z
  .string()
  .regex(KEY_NAME_FORM, 'must be a name such as "gpu-box": a small letter, then small letters, digits and hyphens')
  .optional()
  .describe(
    'name of the key that is sent; its value is set with "Set Key", or in REWARD_STUDIO_KEY_NAME for a terminal',
  );

const url = z
  .string()
  .superRefine((text, context) => {
    const problem = endpointUrlProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .describe('https://HOST or http://HOST:PORT, with the path that the requests stand under');

export const limitsSchema = z
  .strictObject({
    timeout_s: z.number().min(1).max(300).default(60).describe('longest time for one answer, in seconds'),
    retries: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(3)
      .describe('how often it is asked again after a failure that may pass'),
    concurrency: z.number().int().min(1).max(256).default(4).describe('most requests at a time'),
    requests_per_minute: z
      .number()
      .gt(0)
      .max(1_000_000)
      .optional()
      .describe('most requests a minute; no limit without it'),
  })
  .prefault({})
  .describe('how it may be asked');

const priceSchema = z
  .strictObject({
    input_per_million: z.number().min(0).describe('for a million tokens that are sent'),
    output_per_million: z.number().min(0).describe('for a million tokens that are written'),
    currency: z.string().min(1).max(8).default('USD'),
  })
  .optional()
  .describe('what it costs; without it nothing is assumed');

const allow_http = z
  .boolean()
  .default(false)
  .describe('sends texts and the key without encryption to another machine, where others could read them');

export const REWARD_APIS = ['vllm-classify', 'vllm-score', 'vllm-pooling', 'tei-predict', 'reward-studio'] as const;
export type RewardApi = (typeof REWARD_APIS)[number];

const methodSchema = z
  .enum(['pointwise', 'pairwise'])
  .describe('scores one response from 0 to 4, or compares two (A, B, tie)');

const templateSchema = z.strictObject({
  template: z.enum(PROMPT_IDS).describe('a prompt of the trained judges'),
  reasoning: z.boolean().default(true).describe('asks for reasoning before the verdict'),
  principles: z.string().min(1).optional().describe("what to judge by, in place of the prompt's own principles"),
});

const freeSchema = z.strictObject({
  text: z
    .string()
    .min(1)
    .describe('the whole message, with {query}, {response} (or {response_a}, {response_b}) and {output_format}'),
  reasoning: z.boolean().default(true).describe('whether {output_format} asks for reasoning before the verdict'),
});

const promptSchema = z
  .union([templateSchema, freeSchema])
  .default({ template: 'standard', reasoning: true })
  .describe('what the judge is asked');

export type PromptEntry = z.infer<typeof promptSchema>;

/** Set by the program, or of no use to a verdict. */
const OWN_KEYS = ['model', 'messages', 'stream', 'n', 'temperature', 'max_tokens', 'logprobs', 'top_logprobs'];

const judge = { method: methodSchema, prompt: promptSchema };

export const ENTRY_SCHEMAS = {
  embedded: z.strictObject({
    name,
    kind: z.literal('embedded'),
    model: file.describe('model file of a finished run; relative to the folder that is open'),
  }),
  'local-model': z.strictObject({
    name,
    kind: z.literal('local-model'),
    folder: file.describe(
      'model folder with grader.json, served on this machine on demand; relative to the folder that is open',
    ),
  }),
  'reward-endpoint': z.strictObject({
    name,
    kind: z.literal('reward-endpoint'),
    url,
    api: z.enum(REWARD_APIS).describe('the form of its requests'),
    model: z.string().min(1).optional().describe('name of the model there; some servers have only one'),
    scale: z
      .enum(['logit-within-prompt', 'score-0-4'])
      .default('logit-within-prompt')
      .describe('what its number means: a Bradley-Terry reward, or a score from 0 to 4'),
    key,
    allow_http,
    limits: limitsSchema,
    price: priceSchema,
  }),
  'judge-endpoint': z
    .strictObject({
      name,
      kind: z.literal('judge-endpoint'),
      url: url.describe('base of an OpenAI-compatible API, as its clients are given it: https://HOST/v1'),
      model: z.string().min(1).describe('name of the model there'),
      ...judge,
      temperature: z
        .number()
        .min(0)
        .max(2)
        .nullable()
        .default(0)
        .describe('0 takes the likeliest token; null leaves it out'),
      max_tokens: z
        .number()
        .int()
        .min(1)
        .nullable()
        .default(2048)
        .describe('most tokens that it may write; null leaves it out'),
      token_probabilities: z
        .boolean()
        .default(true)
        .describe('asks for the probabilities of tokens: the score is then the mean of the verdicts'),
      extra_body: z
        .record(z.string(), z.unknown())
        .default({})
        .superRefine((body, context) => {
          for (const taken of OWN_KEYS.filter((each) => each in body)) {
            context.addIssue({ code: 'custom', message: `"${taken}" is set by the grader itself`, path: [taken] });
          }
        })
        .describe('more of what the API takes, for example {"reasoning_effort": "low"}'),
      key,
      allow_http,
      limits: limitsSchema,
      price: priceSchema,
    })
    .superRefine(checkPrompt),
  'editor-model': z
    .strictObject({
      name,
      kind: z.literal('editor-model'),
      model: z.string().min(1).describe("id or family of one of the editor's language models"),
      vendor: z.string().min(1).optional().describe('who offers it, where several do'),
      ...judge,
    })
    .superRefine(checkPrompt),
} as const;

export type EntryKind = keyof typeof ENTRY_SCHEMAS;
export const ENTRY_KINDS = Object.keys(ENTRY_SCHEMAS) as EntryKind[];

export type EmbeddedEntry = z.infer<(typeof ENTRY_SCHEMAS)['embedded']>;
export type LocalModelEntry = z.infer<(typeof ENTRY_SCHEMAS)['local-model']>;
export type RewardEndpointEntry = z.infer<(typeof ENTRY_SCHEMAS)['reward-endpoint']>;
export type JudgeEndpointEntry = z.infer<(typeof ENTRY_SCHEMAS)['judge-endpoint']>;
export type EditorModelEntry = z.infer<(typeof ENTRY_SCHEMAS)['editor-model']>;
export type GraderEntry = EmbeddedEntry | LocalModelEntry | RewardEndpointEntry | JudgeEndpointEntry | EditorModelEntry;
export type EndpointEntry = RewardEndpointEntry | JudgeEndpointEntry;

/** A free prompt has to hold what is judged, and lead to a verdict that can be read. */
function checkPrompt(
  { method, prompt }: { readonly method: 'pointwise' | 'pairwise'; readonly prompt: PromptEntry },
  context: z.RefinementCtx,
): void {
  if (!('text' in prompt)) return;
  const needed = method === 'pointwise' ? ['response'] : ['response_a', 'response_b'];
  for (const place of needed.filter((each) => !prompt.text.includes(`{${each}}`))) {
    context.addIssue({ code: 'custom', message: `has no {${place}}`, path: ['prompt', 'text'] });
  }
  const { tags } = verdicts.methods[method];
  if (prompt.text.includes('{output_format}') || tags.some((tag) => prompt.text.includes(`<${tag}>`))) return;
  const message = `asks for no verdict that can be read: add {output_format}, or ask for <${tags[0]}>`;
  context.addIssue({ code: 'custom', message, path: ['prompt', 'text'] });
}
