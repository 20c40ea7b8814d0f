/** A judge that we serve, asked as it was in the validation of its training. */

import { answerOf, chatCompletionSchema } from '../judge/chat-completion.ts';
import type { ChatAnswer, ChatModel, ChatQuestion } from '../judge/chat-model.ts';
import type { GraderFile } from './grader-file.ts';
import type { ServedModel } from './served-model.ts';

export class ServedChat implements ChatModel {
  readonly #model: ServedModel;
  readonly #judge: NonNullable<GraderFile['judge']>;

  constructor(model: ServedModel, judge: NonNullable<GraderFile['judge']>) {
    this.#model = model;
    this.#judge = judge;
  }

  async ask({ content }: ChatQuestion, signal?: AbortSignal): Promise<ChatAnswer> {
    const { thinking, max_completion_length } = this.#judge;
    const body = {
      messages: [{ role: 'user', content }],
      max_tokens: max_completion_length,
      // The likeliest token.
      temperature: 0,
      chat_template_kwargs: { enable_thinking: thinking === 'template' },
    };
    return answerOf(await this.#model.ask('/v1/chat/completions', body, chatCompletionSchema, signal));
  }
}
