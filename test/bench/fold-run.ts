/**
 * Follows one run until it has been read, as the training panel's process does, in a process of its own: `fold-run FOLDER`.
 * Prints the seconds of wall and CPU that it took from the start of the reading, and the process's peak memory in MB.
 */

import { FollowedRun } from '../../src/workers/follow-run/followed-run.ts';
import { summaryOf } from '../../src/workers/follow-run/summary.ts';
import { cpuSeconds, peakMemory } from './process-figures.ts';

const run = new FollowedRun(process.argv[2] ?? '', () => {});
const [since, cpuBefore] = [performance.now(), cpuSeconds()];
const summary = await summaryOf(run);
console.log(
  JSON.stringify({
    points: summary.metrics[0]?.points,
    wall: (performance.now() - since) / 1000,
    cpu: cpuSeconds() - cpuBefore,
    peak: peakMemory(),
  }),
);
run.close();
