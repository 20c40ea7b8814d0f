/** How often the longer response is the better one: a model can score well by length alone. */

import { wilsonInterval } from '../../methods/intervals.ts';
import { type CheckFactory, rankedTexts } from './check.ts';

const LOW = 0.4;
const HIGH = 0.6;

export const lengthBias: CheckFactory = (method) => {
  if (method !== 'bradley-terry' && method !== 'pairwise') return undefined;
  let n = 0;
  let longer = 0;
  return {
    observe({ record }) {
      const texts = record && rankedTexts(record);
      if (!texts) return;
      n++;
      // Characters are UTF-16 code units, as in the baseline of an evaluation; equally long counts one half.
      const difference = texts.better.length - texts.worse.length;
      longer += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    },
    findings() {
      if (n === 0) return [];
      const share = longer / n;
      const [low, high] = wilsonInterval(longer, n);
      const biased = low > HIGH || high < LOW;
      const figures = `${share.toFixed(3)} (n = ${n}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`;
      return [
        {
          id: 'length-bias',
          severity: biased ? 'warning' : 'info',
          count: Math.round(longer),
          share,
          rows: [],
          message: `The longer response is the better one with a share of ${figures}.`,
          ...(biased && {
            hint: `A model may learn length alone: compare it with pick-${share > 0.5 ? 'longer' : 'shorter'} on held-out rows.`,
          }),
        },
      ];
    },
  };
};
