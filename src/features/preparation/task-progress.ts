/** Shows the share of a task that is done in a progress notification. */

import type { Progress } from 'vscode';

export function percentIn(progress: Progress<{ message?: string; increment?: number }>): (share: number) => void {
  let shown = 0;
  return (share) => {
    progress.report({ increment: (share - shown) * 100, message: `${Math.round(share * 100)} %` });
    shown = share;
  };
}
