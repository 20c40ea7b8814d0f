/** `training_status`: how the runs of the workspace are. */

import * as z from 'zod';
import { describeRun } from '../runs/describe-run.ts';
import { RunObserver } from '../runs/observe.ts';
import { describeRemaining, remainingMs } from '../runs/remaining-time.ts';
import type { RunState } from '../runs/state.ts';
import { agentTool } from './tool.ts';

const MOST_RUNS = 50;

const input = z.object({
  run: z.string().optional().describe('Id or name of one run; all runs, newest first, when left out.'),
});

export const trainingStatus = agentTool({
  name: 'training_status',
  title: 'Training Status',
  description:
    'Says how the training runs of the workspace are: status (queued, preparing, running, stopping, stopped, failed, finished, lost), step, newest metrics, time left, alerts with what to do, and of finished runs the validation with its number of rows, interval and baselines.',
  input,
  async run({ run }, { store }) {
    if (run !== undefined) {
      const { folder, spec } = await store.find(run);
      return { run: describe(await new RunObserver(folder, spec).observe()) };
    }
    const { runs, problems } = await store.list();
    const shown = runs.slice(0, MOST_RUNS);
    const states = await Promise.all(shown.map(({ folder, spec }) => new RunObserver(folder, spec).observe()));
    return {
      runs: states.map((state) => {
        const { settings: _settings, data: _data, warnings: _warnings, ...rest } = describe(state);
        return rest;
      }),
      ...(runs.length > shown.length ? { older_runs_left_out: runs.length - shown.length } : {}),
      ...(problems.length > 0 ? { damaged_runs: problems.map(({ folder }) => folder) } : {}),
    };
  },
});

function describe(state: RunState) {
  const left = remainingMs(state);
  return { ...describeRun(state), ...(left === undefined ? {} : { time_left: describeRemaining(left) }) };
}
