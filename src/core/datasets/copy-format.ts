/** How cells are copied; apart from what copies them, so that pages can name it too. */
export type CopyFormat = 'text' | 'json' | 'csv';
