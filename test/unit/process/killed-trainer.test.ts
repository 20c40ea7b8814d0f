import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { killTrainer } from '../../soak/killed-trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('a trainer that is killed', () => {
  it.each([1, 2, 3])('leaves a failed run with every event it had written (seed %i)', async (seed) => {
    const { eventsBeforeKill, eventsAfterwards } = await killTrainer(root, temporaryFolder(), seed);
    expect(eventsAfterwards).toBeGreaterThanOrEqual(eventsBeforeKill);
  });
});
