/** The language models that VS Code offers, as graders: each grade is allowed by the person first. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import type { EditorModel, EditorModelChoice, EditorModels } from '../../core/graders/editor-model/editor-models.ts';

export class VsCodeModels implements EditorModels {
  async open(choice: EditorModelChoice, grader: string, signal?: AbortSignal): Promise<EditorModel> {
    const model = await find(choice);
    const send = 'Send';
    const answer = await vscode.window.showInformationMessage(
      `Send this prompt and response to ${model.name}?`,
      {
        modal: true,
        detail: `The grader "${grader}" asks a language model of ${model.vendor}, which may cost something. You are asked before each grade.`,
      },
      send,
    );
    signal?.throwIfAborted();
    if (answer !== send) throw new StudioError('cancelled', 'Cancelled.');
    return { ask: (content, ending) => ask(model, content, grader, ending) };
  }
}

/** Of a model that is there now, by id or family. */
export async function find({ model, vendor }: EditorModelChoice): Promise<vscode.LanguageModelChat> {
  const offered = await vscode.lm.selectChatModels(vendor === undefined ? {} : { vendor });
  const found = offered.find(({ id }) => id === model) ?? offered.find(({ family }) => family === model);
  if (found) return found;
  const names = offered.map(({ family }) => family);
  throw new StudioError('not-available', `The editor offers no language model "${model}".`, {
    hint:
      names.length === 0
        ? 'It offers none: an extension such as GitHub Copilot does.'
        : `It offers: ${[...new Set(names)].join(', ')}.`,
  });
}

async function ask(
  model: vscode.LanguageModelChat,
  content: string,
  grader: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const ending = new vscode.CancellationTokenSource();
  const cancel = () => ending.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const justification = `The grader "${grader}" of Reward Studio judges a response with it.`;
    const messages = [vscode.LanguageModelChatMessage.User(content)];
    const { text } = await model.sendRequest(messages, { justification }, ending.token);
    let written = '';
    for await (const part of text) written += part;
    signal?.throwIfAborted();
    return written;
  } catch (error) {
    if (signal?.aborted) throw new StudioError('cancelled', 'Cancelled.');
    if (!(error instanceof vscode.LanguageModelError)) throw error;
    throw new StudioError('not-available', `${model.name} did not answer: ${error.message || error.code}`, {
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', cancel);
    ending.dispose();
  }
}
