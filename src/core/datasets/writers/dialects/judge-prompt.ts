/** The judging task as one user message, for trainers that roll out the prompt column as it is. */

import { type Message, promptText } from '../../records.ts';

/** Asks for `<score>N</score>`, N from 0 to 4. */
export function scorePrompt(prompt: readonly Message[], response: string): Message[] {
  return ask([
    ['Task Description', 'Judge how helpful the response is: 0 (worst) to 4 (best).'],
    ['Query', promptText(prompt)],
    ['Response', response],
    ['Output Format', 'Reason inside <think></think>, then give one whole number from 0 to 4: <score>N</score>'],
  ]);
}

/** Asks for `<preference>A, B or tie</preference>`. */
export function preferencePrompt(prompt: readonly Message[], first: string, second: string): Message[] {
  return ask([
    ['Task Description', 'Judge which of two responses is better, or whether they are equally good.'],
    ['Query', promptText(prompt)],
    ['Response A', first],
    ['Response B', second],
    ['Output Format', 'Reason inside <think></think>, then give A, B or tie: <preference>A</preference>'],
  ]);
}

function ask(sections: readonly (readonly [string, string])[]): Message[] {
  return [{ role: 'user', content: sections.map(([title, text]) => `# ${title}\n${text}`).join('\n\n') }];
}
