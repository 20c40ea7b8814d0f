/** A judge: a chat model asked with a prompt, and the verdict read from what it writes. */

import { StudioError } from '../../errors.ts';
import { type JudgedTexts, type JudgePrompt, renderJudgePrompt } from '../../methods/judges/judge-prompt.ts';
import { type JudgeMethod, readVerdict, type Verdict } from '../../methods/judges/read-verdict.ts';
import type { ChatAnswer, ChatModel } from './chat-model.ts';
import { type VerdictProbability, verdictProbabilities } from './verdict-probabilities.ts';

const LONGEST_RAW = 300;

export interface JudgeAnswer {
  readonly verdict: Verdict;
  readonly probabilities?: readonly VerdictProbability[];
  /** What it wrote besides the verdict. */
  readonly reason: string | undefined;
}

export interface JudgeOptions {
  /** Whether the probabilities of verdicts are wanted. */
  readonly probabilities: boolean;
  /** Most tokens that it may write, where that is known. */
  readonly maxTokens?: number | undefined;
}

export class Judge {
  readonly #model: ChatModel;
  readonly #prompt: JudgePrompt;
  readonly #maxTokens: number | undefined;
  /** Whether the probabilities of verdicts are wanted. */
  readonly wantsProbabilities: boolean;

  constructor(model: ChatModel, prompt: JudgePrompt, options: JudgeOptions) {
    this.#model = model;
    this.#prompt = prompt;
    this.#maxTokens = options.maxTokens;
    this.wantsProbabilities = options.probabilities;
  }

  /** @throws StudioError 'no-verdict' with what it wrote: that is never a score */
  async ask(method: JudgeMethod, texts: JudgedTexts, signal?: AbortSignal): Promise<JudgeAnswer> {
    const content = renderJudgePrompt(this.#prompt, texts);
    const answer = await this.#model.ask({ content, tokenChoices: this.wantsProbabilities }, signal);
    const refusal = answer.refusal?.trim();
    if (refusal) throw noVerdict('The judge refused to answer.', refusal);
    const verdict = readVerdict(answer.text, method);
    if (verdict === undefined)
      throw noVerdict(`The judge gave no verdict.${why(answer, this.#maxTokens)}`, answer.text);
    const probabilities = answer.tokens && verdictProbabilities(answer.tokens, method);
    const reason = reasonIn(answer);
    return { verdict, ...(probabilities === undefined ? {} : { probabilities }), reason };
  }
}

function noVerdict(what: string, raw: string): StudioError {
  const shown = raw.trim().slice(0, LONGEST_RAW) || '(nothing)';
  return new StudioError('no-verdict', `${what} It wrote: ${shown}`, {
    hint: 'That is not a score; ask again, or use another grader.',
  });
}

function why({ finishReason, text, reasoning }: ChatAnswer, maxTokens: number | undefined): string {
  if (finishReason === 'content_filter') return ' A content filter ended it.';
  if (finishReason !== 'length') return '';
  const spent = text.trim() === '' && reasoning !== undefined ? ', all of it spent on reasoning' : '';
  return ` It was cut at ${maxTokens === undefined ? 'its longest answer' : `${maxTokens} tokens`}${spent}.`;
}

/** Its reasoning without the tags around it. */
function reasonIn({ text, reasoning }: ChatAnswer): string | undefined {
  const written = text
    .replace(/<(score|better|preference)>[\s\S]*?<\/\1>/gi, '')
    .replace(/<\/?(think|analysis)>/gi, '')
    .trim();
  return written || reasoning?.trim() || undefined;
}
