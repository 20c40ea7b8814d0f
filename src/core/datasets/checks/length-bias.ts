/** How often the longer response is the better one: a model can score well by length alone. */

import { wilsonInterval } from '../../methods/intervals.ts';
import type { CheckDeclaration } from './check.ts';

const LOW = 0.4;
const HIGH = 0.6;

export const lengthBias: CheckDeclaration = {
  id: 'length-bias',
  title: 'Length bias',
  tier: 'structural',
  finds: { 'length-bias': { title: 'Accuracy of pick-longer', severity: 'warning' } },
  methods: ['bradley-terry', 'pairwise'],
  start() {
    const seen = { n: 0, longer: 0, equal: 0 };
    return {
      seen,
      observe({ observed }) {
        const lengths = observed?.rankedLengths();
        if (!lengths) return;
        seen.n++;
        // Characters are UTF-16 code units, as in the baseline of an evaluation.
        if (lengths.better > lengths.worse) seen.longer++;
        else if (lengths.better === lengths.worse) seen.equal++;
      },
      findings() {
        const { n, longer, equal } = seen;
        if (n === 0) return [];
        // Equally long counts one half: pick-longer then has to guess.
        const right = longer + equal / 2;
        const share = right / n;
        const [low, high] = wilsonInterval(right, n);
        const biased = low > HIGH || high < LOW;
        const figures = `${share.toFixed(3)} (n = ${n}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`;
        return [
          {
            id: 'length-bias',
            severity: biased ? 'warning' : 'info',
            count: longer,
            share,
            message: `The longer response is the better one with a share of ${figures}; ${equal} equally long count one half.`,
            ...(biased && {
              hint: `A model may learn length alone: compare it with pick-${share > 0.5 ? 'longer' : 'shorter'} on held-out rows.`,
            }),
          },
        ];
      },
    };
  },
};
