/** An OpenAI-compatible chat API as a model that judges. */

import type { EndpointClient } from '../endpoint/endpoint-client.ts';
import { EndpointFailure } from '../endpoint/endpoint-failure.ts';
import { answerOf, chatCompletionSchema } from '../judge/chat-completion.ts';
import type { ChatAnswer, ChatModel, ChatQuestion } from '../judge/chat-model.ts';
import type { JudgeEndpointEntry } from '../registry/grader-entry.ts';

/** The most that these APIs tell of one place. */
const TOP_TOKENS = 20;

export class ChatEndpoint implements ChatModel {
  readonly #entry: JudgeEndpointEntry;
  readonly #client: EndpointClient;
  /** Some models refuse requests that ask for probabilities: they are not asked for them a second time. */
  #tellsTokens = true;

  constructor(entry: JudgeEndpointEntry, client: EndpointClient) {
    this.#entry = entry;
    this.#client = client;
  }

  async ask(question: ChatQuestion, signal?: AbortSignal): Promise<ChatAnswer> {
    const wanted = question.tokenChoices && this.#tellsTokens;
    try {
      return await this.#post(question.content, wanted, signal);
    } catch (error) {
      if (!wanted || !refusesProbabilities(error)) throw error;
      this.#tellsTokens = false;
      return this.#post(question.content, false, signal);
    }
  }

  async #post(content: string, tokens: boolean, signal?: AbortSignal): Promise<ChatAnswer> {
    const { model, temperature, max_tokens, extra_body } = this.#entry;
    const body = {
      ...extra_body,
      model,
      messages: [{ role: 'user', content }],
      ...(temperature === null ? {} : { temperature }),
      ...(max_tokens === null ? {} : { max_tokens }),
      ...(tokens ? { logprobs: true, top_logprobs: TOP_TOKENS } : {}),
    };
    return answerOf(await this.#client.post('chat/completions', body, chatCompletionSchema, signal));
  }
}

const refusesProbabilities = (error: unknown): boolean =>
  error instanceof EndpointFailure &&
  (error.status === 400 || error.status === 422) &&
  /log_?prob/i.test(error.message);
