import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ColumnLayout,
  moved,
  NO_CHANGES,
  resized,
  restoredChanges,
  withHidden,
  withPinned,
} from '../../../webview/dataset/grid/column-layout.ts';
import { movedBy } from '../../../webview/dataset/grid/cursor.ts';
import { RowScale } from '../../../webview/dataset/grid/row-scale.ts';

const columns = ['prompt', 'chosen', 'rejected', 'score'].map((name) => ({
  name,
  type: name === 'score' ? 'int32' : 'string',
}));
const names = (layout: ColumnLayout) => layout.shown.map(({ name }) => name);

describe('columns of the grid', () => {
  it('text columns share the room that the narrow ones leave', () => {
    const layout = new ColumnLayout(columns, NO_CHANGES, 1_304);
    expect(layout.shown.map(({ width }) => width)).toEqual([400, 400, 400, 104]);
  });

  it('keep their order, width, pin and absence when they are changed', () => {
    let changes = moved(NO_CHANGES, 4, 3, 0);
    changes = withPinned(resized(changes, 1, 333.4), 2, true);
    changes = withHidden(changes, 0, true);
    const layout = new ColumnLayout(columns, changes);
    expect(names(layout)).toEqual(['rejected', 'score', 'chosen']);
    expect(layout.shown[2]?.width).toBe(333);
    expect(layout.pinned.map(({ name }) => name)).toEqual(['rejected']);
    expect(names(new ColumnLayout(columns, withHidden(changes, 0, false)))).toContain('prompt');
  });

  it('only those in view are drawn, and the room of the others is kept', () => {
    const wide = Array.from({ length: 10_000 }, (_, index) => ({ name: `c${index}`, type: 'int32' }));
    const layout = new ColumnLayout(wide, NO_CHANGES);
    const { columns: drawn, before, after } = layout.window(104 * 5_000 + 10, 500);
    expect(drawn[0]?.index).toBe(5_000);
    expect(drawn.length).toBe(5);
    expect(before + after + drawn.length * 104).toBe(layout.scrolledWidth);
  });

  it('come back as they were saved; what fits no such dataset does not', () => {
    const changes = withPinned(resized(moved(NO_CHANGES, 4, 3, 0), 1, 300), 2, true);
    expect(restoredChanges(JSON.parse(JSON.stringify(changes)), 4)).toEqual(changes);
    expect(restoredChanges({ order: [3, 3], widths: { 9: 80, 1: 'x' }, hidden: [7], pinned: 'no' }, 4)).toEqual(
      NO_CHANGES,
    );
    expect(restoredChanges({ hidden: [0, 1, 2, 3] }, 4)).toEqual(NO_CHANGES);
  });
});

describe('scrolling through rows', () => {
  const scaleOf = (rows: number, viewport = 800) => {
    const scale = new RowScale(40);
    scale.resize(rows, viewport);
    return scale;
  };

  it('pixel by pixel where all rows fit into an element', () => {
    const scale = scaleOf(1_000);
    scale.scrolled(4_010);
    expect([scale.height, scale.firstRow, scale.endRow, scale.offset]).toEqual([40_000, 100, 121, 0]);
  });

  it('a small move scrolls by its own pixels in ten million rows too', () => {
    const scale = scaleOf(10_000_000);
    scale.moveTo(123_456 * 40);
    scale.scrolled(scale.restingPlace + 100);
    expect(scale.top).toBeCloseTo(123_456 * 40 + 100, 5);
  });

  it('dragging the thumb to the end reaches the last row', () => {
    const scale = scaleOf(10_000_000);
    scale.scrolled(scale.height - 800);
    expect(scale.endRow).toBe(10_000_000);
    expect(scale.firstRow).toBe(10_000_000 - 20);
  });

  it('every row can be brought into view whole, and the thumb then rests within the element', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, share) => {
          const scale = scaleOf(rows);
          const row = Math.min(rows - 1, Math.floor(share * rows));
          const resting = scale.moveTo(scale.topToReveal(row));
          expect(scale.top).toBeLessThanOrEqual(row * 40 + 1e-6);
          expect(scale.top + 800).toBeGreaterThanOrEqual(Math.min(row * 40 + 40, scale.top + 800) - 1e-6);
          expect(row).toBeGreaterThanOrEqual(scale.firstRow);
          expect(row).toBeLessThan(scale.endRow);
          expect(resting).toBeGreaterThanOrEqual(0);
          expect(resting).toBeLessThanOrEqual(Math.max(0, scale.height - 800));
        },
      ),
    );
  });
});

describe('keys in the grid', () => {
  const shown = new ColumnLayout(columns, moved(NO_CHANGES, 4, 3, 0)).shown;
  const extent = { rows: 1_000, pageRows: 20, columns: shown };
  const press = (key: string, modifiers: { ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean } = {}) =>
    movedBy(
      { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers },
      { position: 150, column: 0 },
      extent,
    );

  it.each([
    ['ArrowDown', 151, 0],
    ['ArrowUp', 149, 0],
    ['ArrowRight', 150, 1],
    ['ArrowLeft', 150, 3],
    ['PageDown', 170, 0],
    ['PageUp', 130, 0],
    ['Home', 150, 3],
    ['End', 150, 2],
  ])('%s goes to row %i, column %i, in the order shown', (key, position, column) => {
    expect(press(key)).toEqual({ position, column });
  });

  it.each([
    ['ArrowDown', 999, 0],
    ['ArrowUp', 0, 0],
    ['ArrowRight', 150, 2],
    ['ArrowLeft', 150, 3],
    ['Home', 0, 0],
    ['End', 999, 0],
  ])('Ctrl+%s goes to the edge', (key, position, column) => {
    expect(press(key, { ctrlKey: true })).toEqual({ position, column });
  });

  it('leaves other keys and combinations alone', () => {
    for (const event of [press('a'), press('ArrowDown', { shiftKey: true }), press('PageDown', { ctrlKey: true })]) {
      expect(event).toBeUndefined();
    }
  });
});
