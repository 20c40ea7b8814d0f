/** Markdown and plain-text transcripts: the assistant's block under the position, and what it answers. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateResponse } from '../../../src/core/graders/locate/locate-response.ts';
import { assistant, covered, locate, locateSelected, under, user } from './locating.ts';

const review = `# Reply review: refund 💶

## User
I was charged twice 😡.
Can you fix it?

## Assistant (a)
I see two charges.

### What I did
Refunded one: 返金しました.

## Assistant (b)
Thank you for reaching out!

---

## Notes
- (b) never says when.
`;

describe('two assistant blocks after one user turn', () => {
  const prompt = [user('I was charged twice 😡.\nCan you fix it?')];
  const a = 'I see two charges.\n\n### What I did\nRefunded one: 返金しました.';
  const b = 'Thank you for reaching out!';

  it('the first, with a deeper heading and wide characters in it', () => {
    const found = locate('markdown', review, '返金');
    expect(found).toMatchObject({ prompt, promptKnown: true, response: [assistant(a)], sibling: [assistant(b)] });
    expect(found?.field).toBe('Assistant (a)');
    expect(covered(review, found)).toBe(a);
  });

  it('the second, without the rule below it', () => {
    const found = locate('markdown', review, 'Thank you');
    expect(found).toMatchObject({ prompt, response: [assistant(b)], sibling: [assistant(a)], field: 'Assistant (b)' });
    expect(covered(review, found)).toBe(b);
  });

  for (const words of ['charged twice', '# Reply', '## Assistant (a)', '(b) never']) {
    it(`nothing on "${words}"`, () => expect(locate('markdown', review, words)).toBeUndefined());
  }

  it('with Windows line ends the range keeps them and the text does not', () => {
    const text = review.replaceAll('\n', '\r\n');
    const found = locate('markdown', text, '返金');
    expect(found).toMatchObject({ prompt, response: [assistant(a)] });
    expect(covered(text, found)).toBe(a.replaceAll('\n', '\r\n'));
  });
});

describe('forms of role headings', () => {
  const forms: Record<string, string> = {
    headings: '## User\nQ?\n\n## Assistant\none',
    'headings with a colon': '### User:\nQ?\n### Assistant:\none',
    'bold with the colon inside': '**User:** Q?\n\n**Assistant:** one',
    'bold with the colon outside': '**User**: Q?\n\n**Assistant**: one',
    'bold on a line of its own': '**User**\n\nQ?\n\n**Assistant**\n\none',
    'words at the line start': 'User: Q?\nAssistant: one',
    'Human and Assistant': '\n\nHuman: Q?\n\nAssistant: one',
    'prompt and response': '## Prompt\nQ?\n## Response\none',
    'question and answer': '### Question\nQ?\n### Answer\none',
    'responses with a letter': '## Prompt\nQ?\n\n### Response A\none',
  };
  for (const [name, text] of Object.entries(forms)) {
    it(name, () => {
      const found = locate('markdown', text, 'one');
      expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('one')] });
      expect(covered(text, found)).toBe('one');
    });
  }

  it('a response heading with a letter needs no prompt; "Answer" or "Response" alone does', () => {
    expect(locate('markdown', '### Response A\none', 'one')).toMatchObject({ promptKnown: false });
    expect(locate('markdown', '# Errors\n## Response\none', 'one')).toBeUndefined();
  });

  it('plain text is read too, other languages are not', () => {
    const text = 'User: Q?\nAssistant: one\nmore';
    expect(locate('plaintext', text, 'more')?.response).toEqual([assistant('one\nmore')]);
    expect(locate('yaml', text, 'more')).toBeUndefined();
    expect(locateSelected('yaml', text, 'more')).toMatchObject({ response: [assistant('more')], promptKnown: false });
  });
});

describe('longer conversations', () => {
  it('the prompt is all turns before; of alternatives the conversation went on from the first', () => {
    const text = 'System: Be brief.\nUser: Q1\nAssistant: a\nAssistant: b\nUser: Q2\nAssistant: last';
    const found = locate('plaintext', text, 'last');
    expect(found?.prompt).toEqual([{ role: 'system', content: 'Be brief.' }, user('Q1'), assistant('a'), user('Q2')]);
    expect(found).not.toHaveProperty('sibling');
  });

  it('three answers have no one alternative', () => {
    expect(locate('plaintext', 'User: Q\nAI: a1\nAI: a2\nAI: a3', 'a2')).not.toHaveProperty('sibling');
  });

  it('a section heading begins a new conversation', () => {
    const text = '# One\n## User\nQ1\n## Assistant\na1\n# Two\n## User\nQ2\n## Assistant\na2';
    expect(locate('markdown', text, 'a2')).toMatchObject({ prompt: [user('Q2')] });
    expect(locate('markdown', text, 'a1')?.response).toEqual([assistant('a1')]);
  });

  it('headings in fenced code are code', () => {
    const answer = 'Run:\n```md\n## User\n# Title\n```\nDone.';
    const text = `## User\nQ?\n## Assistant\n${answer}\n`;
    expect(covered(text, locate('markdown', text, 'Done'))).toBe(answer);
  });
});

describe('selections', () => {
  it('a part of an answer has the prompt of the answer', () => {
    const found = locateSelected('markdown', review, 'two charges');
    expect(found).toMatchObject({ prompt: [user('I was charged twice 😡.\nCan you fix it?')], promptKnown: true });
    expect(found?.response).toEqual([assistant('two charges')]);
    expect(found).not.toHaveProperty('sibling');
  });

  it('the whole answer, with blanks around it, keeps its alternative', () => {
    const found = locateSelected('markdown', review, '\nThank you for reaching out!\n');
    expect(found).toMatchObject({ field: 'Assistant (b)' });
    expect(found?.sibling).toBeDefined();
  });

  it('without role headings only a selection is graded, and its prompt is unknown', () => {
    const text = '# Draft\nDear customer, here you are.';
    expect(locateSelected('markdown', text, 'here you are')).toMatchObject({
      prompt: [],
      promptKnown: false,
      response: [assistant('here you are')],
    });
    expect(locateResponse({ text, language: 'markdown', offset: under(text, 'here') })).toBeUndefined();
  });

  it('across turns the prompt is unknown', () => {
    expect(locateSelected('plaintext', 'User: Q\nAssistant: a', 'Q\nAssistant: a')).toMatchObject({
      promptKnown: false,
    });
  });
});

describe('chat templates', () => {
  const templates: Record<string, string> = {
    ChatML: '<|im_start|>user\nQ?<|im_end|>\n<|im_start|>assistant\none<|im_end|>\n',
    'Llama 3':
      '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nQ?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\none<|eot_id|>',
    'Llama 2 and Mistral': '<s>[INST] Q? [/INST] one </s>',
    Gemma: '<bos><start_of_turn>user\nQ?<end_of_turn>\n<start_of_turn>model\none<end_of_turn>\n',
    'Zephyr and Phi': '<|user|>\nQ?</s>\n<|assistant|>\none</s>\n',
    DeepSeek: '<｜begin▁of▁sentence｜><｜User｜>Q?<｜Assistant｜>one<｜end▁of▁sentence｜>',
    Alpaca: '### Instruction:\nQ?\n\n### Response:\none\n',
  };
  for (const [name, text] of Object.entries(templates)) {
    it(name, () => {
      const strings = name === 'Alpaca' ? [] : [['jsonl', JSON.stringify({ text })] as const];
      for (const [language, document] of [['plaintext', text] as const, ['markdown', text] as const, ...strings]) {
        const found = locate(language, document, 'one');
        expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('one')] });
        expect(covered(document, found)).toBe('one');
      }
    });
  }

  it('any text between the tokens of ChatML is found exactly', () => {
    const content = fc.string({ unit: 'binary' }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(content, content, (asked, answered) => {
        const [question, answer] = [asked, answered].map((text) => text.trim().replace(/[\r<]/g, '-'));
        const head = `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`;
        const text = `${head}${answer}<|im_end|>\n`;
        const found = locateResponse({ text, language: 'plaintext', offset: head.length });
        expect(found).toMatchObject({ start: head.length, prompt: [user(question ?? '')] });
        expect(found?.response).toEqual([assistant(answer ?? '')]);
        expect(covered(text, found)).toBe(answer);
      }),
      { numRuns: 300 },
    );
  });

  it('the input of an instruction is a part of it', () => {
    const text = '### Instruction:\nShorten.\n\n### Input:\nLong.\n\n### Response:\none';
    expect(locate('markdown', text, 'one')?.prompt).toEqual([user('Shorten.\n\nLong.')]);
  });

  it('a token that prose mentions makes no conversation; a turn without end stops at its fence', () => {
    expect(locate('markdown', 'Tokens `<|user|>` and `<|assistant|>` are words.', 'words')).toBeUndefined();
    const text = 'So:\n```\n<|user|>\nQ?\n<|assistant|>\none\n```\nafter';
    expect(covered(text, locate('markdown', text, 'one'))).toBe('one');
  });
});
