/** Judges' prompts and verdicts, by the fixtures that Python runs too. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import type { ComparedResponses, ScoredResponse } from '../../../src/core/datasets/records.ts';
import { type JudgePrompt, renderJudgePrompt } from '../../../src/core/methods/judges/judge-prompt.ts';
import declared from '../../../src/core/methods/judges/prompts.json' with { type: 'json' };
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
  readonly prompt: string;
  readonly method: JudgeMethod;
  readonly thinking: 'template' | 'prompt' | 'none';
  readonly principles: string;
  readonly record: ScoredResponse | ComparedResponses;
  readonly text: string;
}

/** As a trained judge keeps it. */
function keptPrompt({ prompt: id, method, thinking, principles }: PromptCase): JudgePrompt {
  const found = declared.prompts.find((each) => each.id === id && each.method === method)!;
  const own = found.principles.map((each, index) => `${index + 1}. ${each}`).join('\n');
  const chosen = principles || own;
  const headed = chosen && !found.text.includes('{principles}');
  return {
    id,
    tag: found.tag,
    principles: chosen,
    text: headed ? `# Principles\n{principles}\n\n${found.text}` : found.text,
    output_format: found.output_format[thinking === 'prompt' ? 'reasoned' : 'direct'],
  };
}

describe('the message to a judge', () => {
  it.each(fixture('prompts.json') as PromptCase[])('is the same in both languages: $method $prompt', (given) => {
    const { record } = given;
    const texts =
      record.kind === 'scored-response'
        ? { prompt: record.prompt, response: record.response }
        : { prompt: record.prompt, response: record.responseA, other: record.responseB };
    expect(renderJudgePrompt(keptPrompt(given), texts)).toBe(given.text);
  });
});
