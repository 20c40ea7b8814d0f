/** A page for the scroll bench: the grid of the product over ten million rows that are made as they are asked for. */

import { NO_CHANGES } from '../dataset/grid/column-layout.ts';
import { Grid } from '../dataset/grid/grid.ts';
import type { GridSource } from '../dataset/grid/grid-source.ts';

const ROWS = 10_000_000;
const WORDS = 'the reset button holds for five seconds until a light turns green and then it restarts'.split(' ');
const columns = [
  ...['prompt', 'chosen', 'rejected'].map((name) => ({ name, type: 'string' })),
  { name: 'strength', type: 'int32' },
  { name: 'messages', type: 'list<struct<role: string, content: string>>' },
];

const text = (row: number, column: number) =>
  `row ${row} ${Array.from({ length: 40 }, (_, at) => WORDS[(row * 7 + column * 3 + at) % WORDS.length]).join(' ')}`;

const source: GridSource = {
  columns,
  rowCount: ROWS,
  rowAt: (position) => position,
  positionOf: (row) => row,
  async cells({ start, end, firstColumn, columns: wanted }) {
    const rows = Array.from({ length: end - start }, (_, at) =>
      Array.from({ length: wanted }, (__, offset) => {
        const shown = firstColumn + offset === 3 ? String(start + at) : text(start + at, firstColumn + offset);
        return { text: shown, chars: shown.length };
      }),
    );
    return { ok: true, value: { start, firstColumn, rows } };
  },
};

const grid = new Grid('ten million rows', {
  onCursor: () => {},
  onOpen: () => {},
  onColumns: () => {},
  onSort: () => {},
  onScroll: () => {},
  onProblem: ({ message }) => console.error(message),
  onWaiting: () => {},
});
document.body.append(grid.element);
grid.show(source, NO_CHANGES);
grid.focus();
