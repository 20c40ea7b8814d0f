/** The leaf columns of a schema: where each stands in the row groups, and what its levels mean. */

import { type FileMetaData, parquetSchema, type SchemaElement, type SchemaTree } from 'hyparquet';

export interface Leaf {
  /** Place among the column chunks of every row group. */
  readonly index: number;
  /** Place of its top-level column. */
  readonly column: number;
  /** For messages: the path as a person writes it. */
  readonly name: string;
  readonly element: SchemaElement;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** The same for all leaves under one innermost list, which therefore share their repetition levels; '' outside lists. */
  readonly list: string;
}

/** A node of the schema with the leaves below it. */
export interface SchemaNode {
  readonly element: SchemaElement;
  readonly children: readonly SchemaNode[];
  /** Set where there are no children. */
  readonly leaf: Leaf | undefined;
}

export interface LeafSchema {
  /** The top-level columns. */
  readonly columns: readonly SchemaNode[];
  readonly leaves: readonly Leaf[];
}

/** @throws Error where the column chunks do not follow the schema: the footer is damaged */
export function leafSchema(metadata: FileMetaData): LeafSchema {
  const leaves: Leaf[] = [];
  const columns = parquetSchema(metadata).children.map((node, column) => {
    const place = { column, maxDefinition: 0, maxRepetition: 0, list: '' };
    return schemaNode(node, String(column), place, leaves);
  });
  const paths = leafPaths(parquetSchema(metadata));
  for (const group of metadata.row_groups) {
    if (group.columns.length !== leaves.length) throw new Error('row group does not have the columns of the schema');
    group.columns.forEach(({ meta_data: chunk, file_path: file }, index) => {
      if (file !== undefined) throw new Error('its columns are in other files');
      if (!chunk) throw new Error('column chunk without metadata');
      if (chunk.path_in_schema.join('\0') !== paths[index]) {
        throw new Error(`column chunk "${chunk.path_in_schema.join('.')}" is not in the order of the schema`);
      }
    });
  }
  return { columns, leaves };
}

type Place = Pick<Leaf, 'column' | 'maxDefinition' | 'maxRepetition' | 'list'>;

function schemaNode(tree: SchemaTree, key: string, above: Place, leaves: Leaf[]): SchemaNode {
  const { element } = tree;
  const repeated = element.repetition_type === 'REPEATED';
  const place = {
    column: above.column,
    maxDefinition: above.maxDefinition + (element.repetition_type === 'REQUIRED' ? 0 : 1),
    maxRepetition: above.maxRepetition + (repeated ? 1 : 0),
    list: repeated ? key : above.list,
  };
  if (tree.children.length > 0) {
    const children = tree.children.map((child, index) => schemaNode(child, `${key}.${index}`, place, leaves));
    return { element, children, leaf: undefined };
  }
  if (element.type === undefined) throw new Error(`column "${tree.path.join('.')}" has no type`);
  const leaf: Leaf = { ...place, index: leaves.length, name: tree.path.join('.'), element };
  leaves.push(leaf);
  return { element, children: [], leaf };
}

function leafPaths(node: SchemaTree): string[] {
  return node.children.length === 0 ? [node.path.join('\0')] : node.children.flatMap(leafPaths);
}
