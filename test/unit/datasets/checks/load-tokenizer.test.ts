import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../../src/core/datasets/checks/load-tokenizer.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** Words of a small vocabulary, in the format of a `tokenizer.json`. */
const WORD_LEVEL = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '[UNK]': 0, hold: 1, the: 2, but: 3, '##ton': 4, '.': 5 },
  },
};

describe('a tokenizer', () => {
  it('is read from a model folder, and counts its own tokens', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'tokenizer.json'), JSON.stringify(WORD_LEVEL));
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.tokensPerUnit).toBe(1);
    expect(Array.from(tokenizer.encode('Hold the button.'))).toEqual([1, 2, 3, 4, 5]);
  });

  it('may be an approximation, which says so', async () => {
    expect((await loadTokenizer('words')).title).toMatch(/approximate/);
  });

  it.each([
    ['a path that holds none', undefined, 'file-not-found'],
    ['text that is not JSON', '{"model":', 'unsupported-file'],
    ['JSON that is no tokenizer', '{"model": {"type": "Oracle"}}', 'unsupported-file'],
  ])('is refused for %s', async (_name, text, code) => {
    const file = path.join(temporaryFolder(), 'tokenizer.json');
    if (text !== undefined) writeFileSync(file, text);
    await expect(loadTokenizer(file)).rejects.toMatchObject({ code, where: { file } });
  });
});
