/** Judges' prompts and verdicts, by the fixtures that Python runs too. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import type { ComparedResponses, ScoredResponse } from '../../../src/core/datasets/records.ts';
import { declaredPrompt, type PromptId } from '../../../src/core/methods/judges/declared-prompts.ts';
import { renderJudgePrompt } from '../../../src/core/methods/judges/judge-prompt.ts';
import { type JudgeMethod, readVerdict, type Verdict } from '../../../src/core/methods/judges/read-verdict.ts';

const fixture = (name: string) =>
  JSON.parse(readFileSync(path.join(root, 'test/fixtures/contract/judges', name), 'utf8')).cases;

interface VerdictCase {
  readonly method: JudgeMethod;
  readonly text: string;
  readonly verdict: Verdict | null;
  readonly why: string;
}

describe('a verdict', () => {
  it.each(fixture('verdicts.json') as VerdictCase[])('is read the same in both languages: $why', (given) => {
    expect(readVerdict(given.text, given.method) ?? null).toBe(given.verdict);
  });
});

interface PromptCase {
  readonly prompt: PromptId;
  readonly method: JudgeMethod;
  readonly thinking: 'template' | 'prompt' | 'none';
  readonly principles: string;
  readonly record: ScoredResponse | ComparedResponses;
  readonly text: string;
}

describe('the message to a judge', () => {
  it.each(fixture('prompts.json') as PromptCase[])('is the same in both languages: $method $prompt', (given) => {
    const { record } = given;
    const texts =
      record.kind === 'scored-response'
        ? { prompt: record.prompt, response: record.response }
        : { prompt: record.prompt, response: record.responseA, other: record.responseB };
    const prompt = declaredPrompt(given.method, {
      id: given.prompt,
      principles: given.principles,
      reasoned: given.thinking === 'prompt',
    });
    expect(renderJudgePrompt(prompt, texts)).toBe(given.text);
  });
});
