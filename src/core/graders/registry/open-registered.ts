/** Makes a grader of what is written of it. Nothing is asked or started before the first grade. */

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../errors.ts';
import type { EditorModels } from '../editor-model/editor-models.ts';
import { EndpointClient, type Pacing } from '../endpoint/endpoint-client.ts';
import type { Grader } from '../grader.ts';
import { JudgeGrader } from '../judge/judge-grader.ts';
import { ChatEndpoint } from '../judge-endpoint/chat-endpoint.ts';
import { type GraderHost, openGrader } from '../open-grader.ts';
import { RewardEndpointGrader } from '../reward-endpoint/reward-endpoint-grader.ts';
import { endpointUrl } from './endpoint-url.ts';
import type { EditorModelEntry, EndpointEntry, GraderEntry, JudgeEndpointEntry } from './grader-entry.ts';

/** Where the values of keys are. */
export interface Keys {
  /** @param origin who it is sent to: a key is kept for one origin, where the store can tell them apart */
  get(name: string, origin: string): Promise<string | undefined>;
  /** What a person does to set it, as one sentence. */
  howToSet(name: string): string;
}

export interface RegistryHost extends GraderHost {
  /** What relative paths are relative to; undefined for settings, whose paths are absolute. */
  readonly folder: string | undefined;
  readonly keys: Keys;
  /** Absent where there is no editor. */
  readonly editorModels?: EditorModels;
  readonly pacing?: Partial<Pacing>;
}

/** @throws StudioError 'not-available', 'file-not-found', 'invalid-model', 'invalid-grader' */
export async function openRegistered(entry: GraderEntry, host: RegistryHost): Promise<Grader> {
  switch (entry.kind) {
    case 'embedded':
      return openModel(entry.name, entry.model, host);
    case 'local-model':
      return openModel(entry.name, entry.folder, host);
    case 'reward-endpoint':
      return new RewardEndpointGrader(entry, clientOf(entry, host));
    case 'judge-endpoint':
      return judgeEndpoint(entry, host);
    case 'editor-model':
      return editorModel(entry, host);
  }
}

async function openModel(name: string, model: string, host: RegistryHost): Promise<Grader> {
  if (host.folder === undefined && !path.isAbsolute(model)) {
    throw new StudioError('invalid-grader', `The path of "${name}" must be absolute.`, { where: { file: model } });
  }
  const file = path.resolve(host.folder ?? '', model);
  const { mtime } = await stat(file);
  return openGrader({ file, name, trainedAt: mtime.toISOString() }, host);
}

function clientOf(entry: EndpointEntry, { keys, pacing }: RegistryHost): EndpointClient {
  const base = endpointUrl(entry);
  const { key: name, limits } = entry;
  return new EndpointClient({
    base,
    limits,
    ...(pacing && { pacing }),
    ...(name === undefined ? {} : { key: () => keyOf(name, base, keys) }),
  });
}

async function keyOf(name: string, { origin, host }: URL, keys: Keys): Promise<string> {
  const key = await keys.get(name, origin);
  if (key) return key;
  throw new StudioError('permission-denied', `The key "${name}" for ${host} is not set.`, {
    hint: keys.howToSet(name),
  });
}

function judgeEndpoint(entry: JudgeEndpointEntry, host: RegistryHost): Grader {
  const { kind, name, method, prompt, url, model, temperature, max_tokens, token_probabilities, extra_body } = entry;
  const chat = new ChatEndpoint(entry, clientOf(entry, host));
  return new JudgeGrader({
    kind,
    name,
    method,
    prompt,
    model: `${model} at ${new URL(url).host}`,
    identity: [url, temperature, max_tokens, token_probabilities, extra_body],
    probabilities: token_probabilities,
    maxTokens: max_tokens ?? undefined,
    open: async () => chat,
  });
}

function editorModel(entry: EditorModelEntry, { editorModels }: RegistryHost): Grader {
  const { kind, name, method, prompt, model, vendor } = entry;
  return new JudgeGrader({
    kind,
    name,
    method,
    prompt,
    model: `${model}${vendor === undefined ? '' : ` of ${vendor}`} in the editor`,
    identity: [],
    probabilities: false,
    open: async (signal) => {
      if (!editorModels) {
        throw new StudioError(
          'not-available',
          `The grader "${name}" is a model of the editor, and there is none here.`,
          {
            hint: 'Use it inside VS Code.',
          },
        );
      }
      const opened = await editorModels.open({ model, vendor }, name, signal);
      return { ask: async ({ content }, ending) => ({ text: await opened.ask(content, ending) }) };
    },
  });
}
