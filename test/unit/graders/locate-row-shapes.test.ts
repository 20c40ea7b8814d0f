/** Every row shape, with the position in each of its responses. */

import { describe, expect, it } from 'vitest';
import { assistant, covered, locate, user } from './locating.ts';

const line = (row: unknown): string => JSON.stringify(row);

describe('a response with one sibling', () => {
  const shapes: Record<string, { row: unknown; fields: [string, string] }> = {
    'chosen and rejected texts': {
      row: { prompt: 'Q?', chosen: 'one', rejected: 'two' },
      fields: ['chosen', 'rejected'],
    },
    'response1 and response2': {
      row: { question: 'Q?', response1: 'one', response2: 'two', label: 1 },
      fields: ['response1', 'response2'],
    },
    'response_1 and response_2': {
      row: { prompt: 'Q?', response_1: 'one', response_2: 'two' },
      fields: ['response_1', 'response_2'],
    },
    'names with a blank': {
      row: { prompt: 'Q?', 'response 1': 'one', 'response 2': 'two' },
      fields: ['response 1', 'response 2'],
    },
    'response_a and response_b': {
      row: { query: 'Q?', response_a: 'one', response_b: 'two' },
      fields: ['response_a', 'response_b'],
    },
    'Preference Collection': {
      row: { orig_instruction: 'Q?', orig_response_A: 'one', orig_response_B: 'two' },
      fields: ['orig_response_A', 'orig_response_B'],
    },
    'output_1 and output_2': {
      row: { instruction: 'Q?', output_1: 'one', output_2: 'two' },
      fields: ['output_1', 'output_2'],
    },
    'two responses in a list': {
      row: { prompt: 'Q?', responses: ['one', 'two'] },
      fields: ['responses[0]', 'responses[1]'],
    },
    'two candidates as objects': {
      row: { prompt: 'Q?', candidates: [{ text: 'one' }, { text: 'two' }] },
      fields: ['candidates[0]', 'candidates[1]'],
    },
    'outputs with content': {
      row: { prompt: 'Q?', outputs: [{ content: 'one', score: 1 }, { content: 'two' }] },
      fields: ['outputs[0]', 'outputs[1]'],
    },
    'answers in an output list': {
      row: {
        input: [{ role: 'user', content: 'Q?' }],
        output: [
          { answer: { role: 'assistant', content: 'one', label: { is_preferred: true } } },
          { answer: { role: 'assistant', content: 'two', label: { is_preferred: false } } },
        ],
      },
      fields: ['output[0]', 'output[1]'],
    },
    'contents in an output list': {
      row: { input: [{ role: 'user', content: 'Q?' }], output: [{ content: 'one' }, { content: 'two' }], metadata: {} },
      fields: ['output[0]', 'output[1]'],
    },
    'chosen and rejected message lists that repeat the prompt': {
      row: {
        prompt: 'Q?',
        chosen: [user('Q?'), assistant('one')],
        rejected: [user('Q?'), assistant('two')],
      },
      fields: ['chosen', 'rejected'],
    },
    'chosen and rejected message lists alone': {
      row: { chosen: [user('Q?'), assistant('one')], rejected: [user('Q?'), assistant('two')] },
      fields: ['chosen', 'rejected'],
    },
    'LLaMA-Factory conversations': {
      row: {
        conversations: [{ from: 'human', value: 'Q?' }],
        chosen: { from: 'gpt', value: 'one' },
        rejected: { from: 'gpt', value: 'two' },
      },
      fields: ['chosen', 'rejected'],
    },
    'grader source rows': {
      row: {
        input: { query: 'Q?' },
        chosen: { response: { content: 'one' } },
        rejected: { response: { content: 'two' } },
      },
      fields: ['chosen', 'rejected'],
    },
    'one chosen and one rejected in lists': {
      row: { prompt: 'Q?', chosen: ['one'], rejected: ['two'] },
      fields: ['chosen[0]', 'rejected[0]'],
    },
  };

  for (const [name, { row, fields }] of Object.entries(shapes)) {
    it(name, () => {
      const text = line(row);
      const [one, two] = [locate('jsonl', text, '"one"'), locate('jsonl', text, '"two"')];
      expect(one).toMatchObject({ prompt: [user('Q?')], promptKnown: true, role: 'response', field: fields[0] });
      expect(one).toMatchObject({ response: [assistant('one')], sibling: [assistant('two')] });
      expect(two).toMatchObject({ response: [assistant('two')], sibling: [assistant('one')], field: fields[1] });
      expect(two?.prompt).toEqual([user('Q?')]);
      expect([covered(text, one), covered(text, two)]).toEqual(['one', 'two']);
    });
  }
});

describe('a response without a sibling', () => {
  it('query and response', () => {
    const found = locate('jsonl', line({ query: 'Q?', response: 'one', score: 1 }), '"one"');
    expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('one')], field: 'response' });
    expect(found).not.toHaveProperty('sibling');
  });

  it('three responses: none of the others is the one alternative', () => {
    const found = locate('jsonl', line({ question: 'Q?', responses: ['one', 'two', 'three'] }), '"two"');
    expect(found).toMatchObject({ response: [assistant('two')], field: 'responses[1]' });
    expect(found).not.toHaveProperty('sibling');
  });

  it('one chosen and three rejected, as in RewardBench 2', () => {
    const found = locate('jsonl', line({ prompt: 'Q?', chosen: ['a'], rejected: ['b', 'c', 'd'] }), '"c"');
    expect(found).toMatchObject({ response: [assistant('c')], field: 'rejected[1]' });
    expect(found).not.toHaveProperty('sibling');
  });

  it('conversations that part before their last turn have no common prompt, so neither is an alternative', () => {
    const row = { chosen: [user('Q?'), assistant('one')], rejected: [user('Other?'), assistant('two')] };
    expect(locate('jsonl', line(row), '"one"')).not.toHaveProperty('sibling');
  });

  for (const field of ['completion', 'answer', 'output', 'text']) {
    it(`${field}, which is a response only beside a prompt`, () => {
      expect(locate('jsonl', line({ input: 'Q?', [field]: 'one' }), '"one"')).toMatchObject({
        prompt: [user('Q?')],
        response: [assistant('one')],
      });
      expect(locate('jsonl', line({ title: 'Q?', [field]: 'one' }), '"one"')).toBeUndefined();
    });
  }
});

describe('prompts', () => {
  it('an instruction stands above its input', () => {
    const row = { instruction: 'Shorten.', input: 'A long text.', response1: 'one', response2: 'two' };
    expect(locate('jsonl', line(row), '"one"')?.prompt).toEqual([user('Shorten.\n\nA long text.')]);
  });

  it('an empty input is left out', () => {
    expect(locate('jsonl', line({ instruction: 'Hi.', input: '', output: 'one' }), '"one"')?.prompt).toEqual([
      user('Hi.'),
    ]);
  });

  it('a context of messages (HelpSteer3) is the prompt', () => {
    const context = [user('Q?'), assistant('A.'), user('And?')];
    expect(locate('jsonl', line({ context, response1: 'one', response2: 'two' }), '"two"')?.prompt).toEqual(context);
  });

  it('a system field comes first', () => {
    const row = { system: 'Be brief.', input: 'Q?', chosen: 'one', rejected: 'two' };
    expect(locate('jsonl', line(row), '"one"')?.prompt).toEqual([{ role: 'system', content: 'Be brief.' }, user('Q?')]);
  });

  it('a prompt of encoded messages is decoded', () => {
    const row = { input: JSON.stringify([user('Q?')]), output: { content: 'one' } };
    expect(locate('jsonl', line(row), '"one"')?.prompt).toEqual([user('Q?')]);
  });

  it('an unknown prompt is said to be unknown', () => {
    expect(locate('jsonl', line({ chosen: 'one', rejected: 'two' }), '"one"')).toMatchObject({
      prompt: [],
      promptKnown: false,
    });
  });
});

describe('conversations', () => {
  const messages = [user('Hello'), assistant('First.'), user('More?'), assistant('Second.')];

  it('each assistant turn is a response to the turns before it', () => {
    const text = line({ messages });
    expect(locate('jsonl', text, 'First.')).toMatchObject({ prompt: messages.slice(0, 1), response: [messages[1]] });
    expect(locate('jsonl', text, 'Second.')).toMatchObject({ prompt: messages.slice(0, 3), response: [messages[3]] });
    expect(locate('jsonl', text, 'More?')).toBeUndefined();
  });

  it('only the last turns of a pair are alternatives', () => {
    const text = line({ chosen: messages, rejected: [...messages.slice(0, 3), assistant('Worse.')] });
    expect(locate('jsonl', text, 'Second.')).toMatchObject({
      prompt: messages.slice(0, 3),
      sibling: [assistant('Worse.')],
    });
    expect(locate('jsonl', text, 'First.')).not.toHaveProperty('sibling');
  });

  it('a row that is itself a list of messages', () => {
    expect(locate('jsonl', line(messages), 'Second.')?.prompt).toEqual(messages.slice(0, 3));
  });

  it('a row prompt goes before turns that do not repeat it', () => {
    const found = locate('jsonl', line({ prompt: 'Q?', completion: [assistant('one')] }), '"one"');
    expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('one')] });
  });

  it('messages encoded in a string are turns of their own, with their places in the document', () => {
    const encoded = JSON.stringify(messages);
    const text = line({ chosen: encoded, rejected: JSON.stringify([...messages.slice(0, 3), assistant('Worse.')]) });
    const found = locate('jsonl', text, 'Second');
    expect(found).toMatchObject({
      prompt: messages.slice(0, 3),
      response: [messages[3]],
      sibling: [assistant('Worse.')],
    });
    expect(covered(text, found)).toBe('Second.');
    expect(locate('jsonl', text, 'First')).toMatchObject({ prompt: messages.slice(0, 1), response: [messages[1]] });
    expect(locate('jsonl', text, 'Hello')).toBeUndefined();
  });

  it('escapes in an encoded message are decoded twice, and its range keeps them', () => {
    const content = 'He said "😀 日\n".';
    const text = line({ messages: JSON.stringify([user('Q?'), assistant(content)]) });
    const found = locate('jsonl', text, 'He said');
    expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant(content)] });
    expect(JSON.parse(JSON.parse(`"\\"${covered(text, found)}\\""`))).toBe(content);
  });

  it('an encoded list of two responses has each of them', () => {
    const output = JSON.stringify([{ answer: assistant('one') }, { answer: assistant('two') }]);
    const text = line({ input: 'Q?', output });
    const found = locate('jsonl', text, 'one');
    expect(found).toMatchObject({ prompt: [user('Q?')], response: [assistant('one')], sibling: [assistant('two')] });
    expect(covered(text, found)).toBe('one');
  });
});

describe('hh-rlhf dialogues', () => {
  const head = '\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: A pen\u2019s prank?';
  const text = line({ chosen: `${head}\n\nAssistant: Kind one.`, rejected: `${head}\n\nAssistant: Rude one.` });
  const prompt = [user('Hi'), assistant('Hello.'), user('A pen\u2019s prank?')];

  it('the last assistant turn answers what precedes it', () => {
    const found = locate('jsonl', text, 'Kind one.');
    expect(found).toMatchObject({ prompt, response: [assistant('Kind one.')], sibling: [assistant('Rude one.')] });
    expect(covered(text, found)).toBe('Kind one.');
  });

  it('an earlier assistant turn answers what precedes it; a human turn is no response', () => {
    const found = locate('jsonl', text, 'Hello.');
    expect(found).toMatchObject({ prompt: [user('Hi')], response: [assistant('Hello.')] });
    expect(found).not.toHaveProperty('sibling');
    expect(locate('jsonl', text, 'Human: Hi')).toBeUndefined();
  });

  it('the rejected side', () => {
    expect(locate('jsonl', text, 'Rude')).toMatchObject({
      prompt,
      response: [assistant('Rude one.')],
      field: 'rejected',
    });
  });

  it('a dialogue without text in its last turn has no response', () => {
    expect(locate('jsonl', line({ chosen: '\n\nHuman: Hi\n\nAssistant:', rejected: 'x' }), 'Hi')).toBeUndefined();
  });

  it('"Human:" inside a text does not make it a dialogue', () => {
    const chosen = 'Write it so:\n\nHuman: hi\n\nAssistant: hello';
    expect(locate('jsonl', line({ prompt: 'Q?', chosen, rejected: 'x' }), 'Write')?.response).toEqual([
      assistant(chosen),
    ]);
  });
});

describe('what is no response', () => {
  const text = line({ id: 7, prompt: 'Q?', chosen: 'one', rejected: '  ', source: 'forum', reference: 'ref' });
  for (const words of ['Q?', 'forum', '"ref"', '"chosen"', '7', '  ']) {
    it(`a position on ${JSON.stringify(words)}`, () => {
      expect(locate('jsonl', text, words)).toBeUndefined();
    });
  }

  it('a blank sibling is no alternative', () => {
    expect(locate('jsonl', text, '"one"')).not.toHaveProperty('sibling');
  });
});
