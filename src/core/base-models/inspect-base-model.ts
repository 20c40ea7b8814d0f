/** Looks into the folder of a model: whether it can be trained, and how large it is. Weights are not loaded. */

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import { METHODS, type MethodId } from '../methods/method.ts';
import { formatBytes, inUnits } from '../sizes.ts';
import { weightSizes } from './safetensors.ts';

export interface BaseModelFacts {
  /** Class of transformers, as config.json names it: `Qwen3ForCausalLM`. */
  readonly architecture: string;
  /** Undefined where the weights are in a format that does not say. */
  readonly parameters: number | undefined;
  readonly weightBytes: number;
  readonly hasChatTemplate: boolean;
}

const CAUSAL = /(ForCausalLM|LMHeadModel)$/;
const CLASSIFIER = /ForSequenceClassification$/;
const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer.model', 'vocab.json', 'vocab.txt', 'spiece.model'];
const WEIGHTS = /^(model|pytorch_model).*\.(safetensors|bin)$/;

/**
 * @throws StudioError 'invalid-model' with what is missing: config, weights, tokenizer or an architecture that can be
 * trained
 */
export async function inspectBaseModel(folder: string): Promise<BaseModelFacts> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new StudioError('file-not-found', 'There is no folder of a base model here.', {
      where: { file: folder },
      cause,
    });
  });
  const architecture = await architectureOf(folder, names);
  const weights = await weightFiles(folder, names);
  if (!TOKENIZER_FILES.some((name) => names.includes(name))) {
    throw invalid(folder, 'This model has no tokenizer.', 'Save the tokenizer beside it (tokenizer.json).');
  }
  return { architecture, ...(await sizesOf(weights)), hasChatTemplate: await hasChatTemplate(folder, names) };
}

/** What keeps a model from being trained with a method; undefined where nothing does. */
export function refuseBaseModel(
  { architecture, hasChatTemplate }: BaseModelFacts,
  method: MethodId,
  folder: string,
): StudioError | undefined {
  if (!CAUSAL.test(architecture) && !(method === 'bradley-terry' && CLASSIFIER.test(architecture))) {
    return invalid(
      folder,
      `${METHODS[method].title} cannot be trained from ${architecture}.`,
      'Choose a language model: its config.json names an architecture that ends in ForCausalLM.',
    );
  }
  if (!hasChatTemplate) {
    return invalid(
      folder,
      'The tokenizer of this model has no chat template, so that conversations cannot be written for it.',
      'Choose the instruction-tuned version of the model, or add chat_template.jinja.',
    );
  }
  return undefined;
}

/** "Qwen3ForCausalLM · 596 M parameters · 1.2 GB". */
export function describeBaseModel({ architecture, parameters, weightBytes }: BaseModelFacts): string {
  const size = parameters === undefined ? undefined : `${inUnits(parameters, ['', ' k', ' M', ' B'])} parameters`;
  return [architecture, size, formatBytes(weightBytes)].filter(Boolean).join(' · ');
}

const invalid = (folder: string, message: string, hint: string) =>
  new StudioError('invalid-model', message, { where: { file: folder }, hint });

async function architectureOf(folder: string, names: readonly string[]): Promise<string> {
  if (!names.includes('config.json')) {
    throw names.includes('adapter_config.json')
      ? invalid(folder, 'This is a LoRA adapter, not a model.', 'Name the model that it was merged into.')
      : invalid(folder, 'This folder is no model: it has no config.json.', 'Name the folder that has one.');
  }
  const config = (await readJson(path.join(folder, 'config.json'), folder)) as { architectures?: unknown };
  const architecture = Array.isArray(config.architectures) ? config.architectures[0] : undefined;
  if (typeof architecture !== 'string') {
    throw invalid(folder, 'The config.json of this model names no architecture.', 'Save the model again.');
  }
  return architecture;
}

/** Absolute paths. An index names all of its parts, which may have been fetched only in part. */
async function weightFiles(folder: string, names: readonly string[]): Promise<string[]> {
  const index = names.find((name) => name.endsWith('.index.json'));
  const found = names.filter((name) => WEIGHTS.test(name));
  if (index === undefined && found.length === 0) {
    throw invalid(
      folder,
      'This model has no weights (model.safetensors).',
      'If it is of the hub, it was fetched only in part: fetch it again.',
    );
  }
  if (index === undefined) {
    const safe = found.filter((name) => name.endsWith('.safetensors'));
    return (safe.length > 0 ? safe : found).map((name) => path.join(folder, name));
  }
  const { weight_map = {} } = (await readJson(path.join(folder, index), folder)) as {
    weight_map?: Record<string, string>;
  };
  const parts = [...new Set(Object.values(weight_map))];
  const missing = parts.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const named = `${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}`;
    throw invalid(
      folder,
      `${missing.length} of ${parts.length} files of weights are missing (${named}).`,
      'Fetch the model again.',
    );
  }
  return parts.map((name) => path.join(folder, name));
}

async function sizesOf(files: readonly string[]): Promise<{ parameters: number | undefined; weightBytes: number }> {
  let parameters: number | undefined = 0;
  let weightBytes = 0;
  for (const file of files) {
    const sizes = file.endsWith('.safetensors') ? await weightSizes(file) : undefined;
    if (file.endsWith('.safetensors') && !sizes) {
      throw invalid(file, 'This file of weights is damaged: its header cannot be read.', 'Fetch it again.');
    }
    parameters = sizes && parameters !== undefined ? parameters + sizes.parameters : undefined;
    weightBytes += sizes?.bytes ?? (await stat(file)).size;
  }
  return { parameters, weightBytes };
}

async function hasChatTemplate(folder: string, names: readonly string[]): Promise<boolean> {
  if (names.includes('chat_template.jinja') || names.includes('chat_template.json')) return true;
  if (!names.includes('tokenizer_config.json')) return false;
  const config = await readJson(path.join(folder, 'tokenizer_config.json'), folder);
  return Boolean((config as { chat_template?: unknown }).chat_template);
}

async function readJson(file: string, folder: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid(folder, `${path.basename(file)} of this model is not JSON.`, 'Fetch it again.');
}
