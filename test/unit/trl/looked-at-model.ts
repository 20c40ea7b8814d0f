/** A base model that is looked at and never loaded, and rows for it. */

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const PAIRS =
  '{"prompt":"p","chosen":"good","rejected":"bad"}\n{"prompt":"q","chosen":"good","rejected":"bad"}\n';

/** What stands in the files of a model, with weights of nothing. @returns the folder */
export function writeModel(folder: string): string {
  mkdirSync(folder);
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 1000,
  };
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(path.join(folder, 'tokenizer.json'), '{}');
  writeFileSync(path.join(folder, 'chat_template.jinja'), '{{ messages }}');
  const header = JSON.stringify({ w: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } });
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(path.join(folder, 'model.safetensors'), Buffer.concat([size, Buffer.from(header), Buffer.alloc(16)]));
  return folder;
}
