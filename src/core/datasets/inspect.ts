/** What a dataset is, at a glance: files, columns, layout, and which methods its rows fit. */

import { StudioError } from '../errors.ts';
import { adviseMethods, type MethodAdvice } from './advise.ts';
import type { Column, Dataset, FileKind, MalformedLines } from './dataset.ts';
import type { ColumnMap } from './formats/binding.ts';
import { recognise } from './recognise.ts';

export { formatCell } from './format-cell.ts';

export interface Inspection {
  readonly name: string;
  readonly kind: FileKind;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly rows: number }[];
  readonly bytes: number;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Of a Parquet dataset, over all its files. */
  readonly parquet?: {
    readonly rowGroups: number;
    readonly largestRowGroup: number;
    readonly codecs: readonly string[];
    readonly pageIndex: boolean;
    readonly createdBy: readonly string[];
  };
  readonly malformed: MalformedLines;
  /** The shape that fits best, where one does. */
  readonly format?: { readonly id: string; readonly title: string; readonly evidence: readonly string[] };
  readonly runnerUp?: { readonly id: string; readonly title: string; readonly evidence: readonly string[] };
  /** Every method, the fitting ones first, each with its reason. */
  readonly methods: readonly MethodAdvice[];
}

export async function inspectDataset(
  dataset: Dataset,
  options: { readonly map?: ColumnMap | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<Inspection> {
  const recognition = await recognise(dataset, options);
  const [format, runnerUp] = recognition.candidates
    .filter((candidate) => candidate.fits)
    .map(({ id, title, evidence }) => ({ id, title, evidence }));
  const layouts = dataset.files.flatMap((file) => file.parquet ?? []);
  return {
    name: dataset.name,
    kind: dataset.kind,
    files: dataset.files.map(({ path, bytes, rowCount }) => ({ path, bytes, rows: rowCount })),
    bytes: dataset.files.reduce((sum, file) => sum + file.bytes, 0),
    rows: dataset.rowCount,
    columns: dataset.columns,
    ...(layouts.length > 0 && {
      parquet: {
        rowGroups: layouts.reduce((sum, layout) => sum + layout.rowGroups, 0),
        largestRowGroup: Math.max(...layouts.map((layout) => layout.largestRowGroup)),
        codecs: [...new Set(layouts.flatMap((layout) => layout.codecs))],
        pageIndex: layouts.every((layout) => layout.pageIndex),
        createdBy: [...new Set(layouts.flatMap((layout) => layout.createdBy ?? []))],
      },
    }),
    malformed: dataset.malformed,
    ...(format && { format }),
    ...(runnerUp && { runnerUp }),
    methods: adviseMethods(recognition),
  };
}

/**
 * The indexes of columns named by a person, in the order named; of a repeated name, the first.
 * @throws StudioError 'missing-column'
 */
export function columnIndexes(dataset: Pick<Dataset, 'name' | 'columns'>, names: readonly string[]): number[] {
  return names.map((name) => {
    const index = dataset.columns.findIndex((column) => column.name === name);
    if (index >= 0) return index;
    throw new StudioError('missing-column', `There is no column "${name}".`, {
      where: { file: dataset.name, field: name },
      hint: `The columns are: ${dataset.columns.map((column) => column.name).join(', ')}.`,
    });
  });
}
