/** This window as a host of the runs it shows: those whose turn has come are launched, alerts are written down and told once. */

import path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import { type UntoldAlert, UntoldAlerts } from '../../core/runs/alerts/untold-alerts.ts';
import { ACTIVE_STATUSES } from '../../core/runs/state.ts';
import { RunStore } from '../../core/runs/store.ts';
import type { RunSupervisor } from '../../core/runs/supervise.ts';
import type { Studio } from '../studio.ts';
import type { Runs } from './runs.ts';

/** Active runs are followed anyway; what has ended is looked at again after this. */
const SETTLE_MS = 1000;
/** What the window has told is kept by the window: one that is gone keeps nothing more, and has told nothing more. */
const TOLD_KEY = 'rewardStudio.toldAlerts';

export function superviseRuns(studio: Studio, runs: Runs): vscode.Disposable {
  const supervisors = new Map<string, RunSupervisor>();
  const reported = new Set<string>();
  const { workspaceState } = studio.context;
  const untold = new UntoldAlerts(workspaceState.get<string[]>(TOLD_KEY, []), (told) => {
    void workspaceState.update(TOLD_KEY, told);
  });
  const tell = (alerts: readonly UntoldAlert[]) => {
    for (const alert of alerts) void tellAlert(studio, runs, alert);
  };
  let timer: NodeJS.Timeout | undefined;

  const supervisorOf = async (runsFolder: string): Promise<RunSupervisor> => {
    // Loaded where there are runs.
    const [{ RunSupervisor }, { launchOptions }] = await Promise.all([
      import('../../core/runs/supervise.ts'),
      import('./run-settings.ts'),
    ]);
    const known = supervisors.get(runsFolder);
    if (known) return known;
    const supervisor = new RunSupervisor(RunStore.at(runsFolder), studio.runtime, () => launchOptions(studio), {
      onAlert: (state, finding) => tell(untold.takeFound(state, finding)),
      onLaunchFailure: (folder, error) => {
        const name = path.basename(folder);
        studio.log.error(`${name}: ${describeError(error)}`);
        void vscode.window.showErrorMessage(`Training ${name} could not be started: ${describeError(error)}`);
      },
    });
    supervisors.set(runsFolder, supervisor);
    return supervisor;
  };

  const look = async () => {
    // In Restricted Mode nothing is started and nothing written.
    if (!vscode.workspace.isTrusted) return;
    tell(untold.take(runs.states));
    for (const runsFolder of new Set(runs.states.map(({ folder }) => path.dirname(folder)))) {
      try {
        const supervisor = await supervisorOf(runsFolder);
        await supervisor.look(runs.states.filter(({ folder }) => path.dirname(folder) === runsFolder));
      } catch (error) {
        // A folder that can only be read is looked at all the same.
        if (reported.has(runsFolder)) continue;
        reported.add(runsFolder);
        studio.log.warn(`${runsFolder}: ${describeError(error)}`);
      }
    }
    const followed = runs.states.some(({ status }) => ACTIVE_STATUSES.has(status));
    if (followed || ![...supervisors.values()].some(({ unsettled }) => unsettled)) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void runs.refresh();
    }, SETTLE_MS);
  };

  return vscode.Disposable.from(
    runs.onDidChange(() => void look()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void look()),
    {
      dispose: () => {
        clearTimeout(timer);
        for (const supervisor of supervisors.values()) supervisor.dispose();
      },
    },
  );
}

async function tellAlert(studio: Studio, runs: Runs, { state, alert }: UntoldAlert): Promise<void> {
  const { name } = state.spec;
  studio.log.warn(`${name}: ${alert.message}`);
  // How a run ended that this window follows is told with its outcome.
  if (alert.alert === 'process-gone' && runs.followed.has(state.folder)) return;
  const [openRun, showLog] = ['Open Run', 'Show Run Log'];
  const text = `${name}: ${alert.message} ${alert.hint}`;
  const choice = await vscode.window.showWarningMessage(text, openRun, showLog);
  if (choice === openRun) await vscode.commands.executeCommand('rewardStudio.openRun', state.folder);
  if (choice === showLog) await vscode.commands.executeCommand('rewardStudio.showRunLog', state);
}
