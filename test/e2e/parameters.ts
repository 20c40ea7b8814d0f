/** The last step of "Train Reward Model": its parameters. */

import type { Workbench } from './workbench.ts';

/** Sets parameters by name, one after the other, in the list that is open or about to open. */
export async function setParameters(workbench: Workbench, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await workbench.quickInput.getByText('Train Reward Model (5/5)').waitFor();
    // The list is long: what is not in view is not there to be clicked.
    await workbench.quickInput.locator('input').first().fill(name);
    await workbench.pick(name);
    await workbench.quickInput.getByText(`Train Reward Model: ${name}`).waitFor();
    await workbench.enterText(value);
  }
}
