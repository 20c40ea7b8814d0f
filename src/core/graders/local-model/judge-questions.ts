/** Questions to a served judge: the prompt that it was trained with, and the verdict read from what it writes. */

import * as z from 'zod';
import { StudioError } from '../../errors.ts';
import { type JudgedTexts, renderJudgePrompt } from '../../methods/judges/judge-prompt.ts';
import { type JudgeMethod, readVerdict, type Verdict } from '../../methods/judges/read-verdict.ts';
import type { GraderFile } from './grader-file.ts';
import type { ServedModel } from './served-model.ts';

const LONGEST_RAW = 300;

const chatSchema = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullable() }), finish_reason: z.string().nullish() }))
    .min(1),
});

export interface JudgeAnswer {
  readonly verdict: Verdict;
  /** What it wrote besides the verdict. */
  readonly reason: string | undefined;
}

export class JudgeQuestions {
  readonly #model: ServedModel;
  readonly #judge: NonNullable<GraderFile['judge']>;

  constructor(model: ServedModel, judge: NonNullable<GraderFile['judge']>) {
    this.#model = model;
    this.#judge = judge;
  }

  /** @throws StudioError 'no-verdict' with what it wrote: that is never a score */
  async ask(method: JudgeMethod, texts: JudgedTexts, signal?: AbortSignal): Promise<JudgeAnswer> {
    const { thinking, max_completion_length } = this.#judge;
    const body = {
      messages: [{ role: 'user', content: renderJudgePrompt(this.#judge, texts) }],
      max_tokens: max_completion_length,
      // The likeliest token, as in the validation of its training.
      temperature: 0,
      chat_template_kwargs: { enable_thinking: thinking === 'template' },
    };
    const { choices } = await this.#model.ask('/v1/chat/completions', body, chatSchema, signal);
    const { message, finish_reason } = choices[0]!;
    const text = message.content ?? '';
    const verdict = readVerdict(text, method);
    if (verdict !== undefined) return { verdict, reason: reasonIn(text) };
    const cut = finish_reason === 'length' ? ` It was cut at ${max_completion_length} tokens.` : '';
    const raw = text.trim().slice(0, LONGEST_RAW);
    throw new StudioError('no-verdict', `The judge gave no verdict.${cut} It wrote: ${raw || '(nothing)'}`, {
      hint: 'That is not a score; ask again, or use another grader.',
    });
  }
}

/** Its reasoning without the tags around it. */
function reasonIn(text: string): string | undefined {
  const reason = text
    .replace(/<(score|better|preference)>[\s\S]*?<\/\1>/gi, '')
    .replace(/<\/?(think|analysis)>/gi, '')
    .trim();
  return reason === '' ? undefined : reason;
}
