/** Preference pairs made up for tests: the chosen response has a word the rejected one lacks. */

import { writeFileSync } from 'node:fs';

const WORDS = 'refund parcel invoice router printer kettle account order password delivery plan battery'.split(' ');

/** Writes `count` rows {prompt, chosen, rejected} as JSON Lines. The same count gives the same file. */
export function writeSyntheticPairs(file: string, count: number): void {
  const rows = Array.from({ length: count }, (_, index) => {
    const word = (step: number) => WORDS[(index * 7 + step * 5) % WORDS.length];
    const body = Array.from({ length: 12 + (index % 9) }, (_unused, step) => word(step)).join(' ');
    return JSON.stringify({
      prompt: `Question ${index}: where is my ${word(1)}?`,
      chosen: `${body} exactly ${word(2)}`,
      rejected: `${body} perhaps ${word(3)}`,
    });
  });
  writeFileSync(file, `${rows.join('\n')}\n`);
}
