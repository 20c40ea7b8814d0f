/** Who cancelled is answered at once, whatever the work takes to notice. */

import { StudioError } from '../../core/errors.ts';

export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Cancelled.')), { once: true });
  });
}
