/** A port: whoever answers a judge's question, an endpoint, a model that we serve, or one of the editor. */

export interface ChatQuestion {
  /** The one message, of the role user. */
  readonly content: string;
  /** Whether the probabilities of tokens are wanted, where the model tells them. */
  readonly tokenChoices: boolean;
}

export interface TokenChoice {
  readonly token: string;
  /** The likeliest tokens in this place with their natural log probabilities. */
  readonly alternatives: readonly { readonly token: string; readonly logprob: number }[];
}

export interface ChatAnswer {
  readonly text: string;
  /** What it thought, where that comes apart from the text. */
  readonly reasoning?: string;
  /** What it says instead of an answer. */
  readonly refusal?: string;
  /** Why it stopped, in OpenAI's words. */
  readonly finishReason?: string;
  /** Of every token that it wrote. */
  readonly tokens?: readonly TokenChoice[];
}

export interface ChatModel {
  ask(question: ChatQuestion, signal?: AbortSignal): Promise<ChatAnswer>;
}
