/** The page's line to the extension host. */

import { createBirpc } from 'birpc';
import { PANEL_HOST_EVENTS, type PanelFunctions, type PanelPageFunctions } from '../../src/protocol/run-panel.ts';

export type Host = ReturnType<typeof connectToHost>;

export function connectToHost(post: (message: unknown) => void, page: PanelPageFunctions) {
  return createBirpc<PanelFunctions, PanelPageFunctions>(page, {
    on: (listener) => window.addEventListener('message', (event) => listener(event.data)),
    post,
    eventNames: [...PANEL_HOST_EVENTS],
    // A long log is read for the first time as long as it takes: the follower's end is told.
    timeout: -1,
  });
}
