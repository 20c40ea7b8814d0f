/** A model's own tokenizer, from its `tokenizer.json`, or one of the approximations by name. Nothing is downloaded. */

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { StudioError } from '../../errors.ts';
import { APPROXIMATE_TOKENIZERS, approximateTokenizer, type Tokenizer } from './tokenizer.ts';

/**
 * @param name `words`, `characters`, a `tokenizer.json`, or a model's folder that holds one
 * @throws StudioError 'file-not-found' and 'unsupported-file'
 */
export async function loadTokenizer(name: string): Promise<Tokenizer> {
  const approximation = APPROXIMATE_TOKENIZERS.find((known) => known === name);
  if (approximation) return approximateTokenizer(approximation);
  const isFolder = await stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? path.join(name, 'tokenizer.json') : name;
  const declared = await readJson(file);
  // Without a configuration the tokenizer's own defaults hold; they do not change how many tokens a text has.
  const config = await readJson(path.join(path.dirname(file), 'tokenizer_config.json')).catch(() => ({}));
  let tokenizer: HuggingFaceTokenizer;
  try {
    tokenizer = new HuggingFaceTokenizer(declared, config);
    tokenizer.encode('a', { add_special_tokens: false });
  } catch (cause) {
    throw new StudioError('unsupported-file', 'This is not a tokenizer that can be loaded.', {
      where: { file },
      hint: `Name the tokenizer.json of a fast tokenizer, or ${APPROXIMATE_TOKENIZERS.join(' or ')}.`,
      cause,
    });
  }
  return {
    title: `${path.basename(path.dirname(path.resolve(file)))}, without chat template`,
    tokensPerUnit: 1,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
  };
}

async function readJson(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new StudioError('file-not-found', 'There is no tokenizer here.', {
      where: { file },
      hint: `Name a tokenizer.json, a folder that holds one, or ${APPROXIMATE_TOKENIZERS.join(' or ')}.`,
      cause,
    });
  });
  try {
    return JSON.parse(text) as object;
  } catch (cause) {
    throw new StudioError('unsupported-file', 'This tokenizer is not JSON.', { where: { file }, cause });
  }
}
