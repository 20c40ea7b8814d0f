// A language model of the editor that names the first response, whatever it reads.
const vscode = require('vscode');

const MODEL = {
  id: 'first-please',
  name: 'First Please',
  family: 'first',
  version: '1',
  maxInputTokens: 10_000,
  maxOutputTokens: 1_000,
  isUserSelectable: true,
  capabilities: {},
};

exports.activate = (context) => {
  const provider = {
    onDidChangeLanguageModelChatInformation: new vscode.EventEmitter().event,
    provideLanguageModelChatInformation: async () => [MODEL],
    provideLanguageModelChatResponse: async (_model, _messages, _options, progress) => {
      progress.report(new vscode.LanguageModelTextPart('<think>It came first.</think>'));
      progress.report(new vscode.LanguageModelTextPart('<better>A</better>'));
    },
    provideTokenCount: async (_model, text) => String(text).length,
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('tests', provider));
};
