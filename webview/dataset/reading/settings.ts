/** How a row is shown in the reading pane. */

export const READING_MODES = ['side', 'inline', 'fields'] as const;
export type ReadingMode = (typeof READING_MODES)[number];

export interface ReadingSettings {
  readonly mode: ReadingMode;
  readonly diff: boolean;
  readonly markdown: boolean;
}

export const READING_START: ReadingSettings = { mode: 'side', diff: true, markdown: true };
