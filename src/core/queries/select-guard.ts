/**
 * Which SQL of a person is run: one SELECT over `data`. DuckDB's own parser says what the statement is and what it reads
 * (its tree as JSON), so that no pattern over text has to guess. The sandbox would refuse files anyway; what it does not
 * know are table functions with effects, such as `enable_logging`, which could write into the file that may be read.
 */

import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import { StudioError } from '../errors.ts';

const TABLE = 'data';
/** Table functions that only compute. */
const TABLE_FUNCTIONS = new Set([
  'unnest',
  'range',
  'generate_series',
  'repeat',
  'json_each',
  'json_tree',
  'histogram',
  'histogram_values',
]);

const HINT = 'Ask one SELECT over the table data, for example: SELECT * FROM data LIMIT 10.';

const answerSchema = z.object({
  error: z.boolean(),
  error_type: z.string().optional(),
  error_message: z.string().optional(),
  position: z.string().optional(),
  statements: z.array(z.unknown()).optional(),
});

/** @throws StudioError 'usage' for anything but one SELECT that reads `data` and nothing else */
export async function guardSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const result = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree = answerSchema.parse(JSON.parse(String(result.getRows()[0]?.[0])));
  if (tree.error_type === 'not implemented') throw refused('Only a SELECT can be asked.');
  if (tree.error) {
    const line = sql.slice(0, Number(tree.position ?? 0)).split('\n').length;
    throw new StudioError('usage', `This is not SQL: ${tree.error_message ?? 'it cannot be parsed'}.`, {
      where: { line },
    });
  }
  const count = tree.statements?.length ?? 0;
  if (count === 0) throw refused('There is no statement.');
  if (count > 1) throw refused(`These are ${count} statements; one can be asked at a time.`);
  const nodes = [...objectsIn(tree.statements)];
  const own = new Set(nodes.flatMap(namesOfCommonTables));
  for (const node of nodes) refuseForeignTables(node, own);
}

type Node = Readonly<Record<string, unknown>>;

/** Every object of the tree, however deep. */
function* objectsIn(tree: unknown): Generator<Node> {
  const waiting = [tree];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) yield next as Node;
    for (const value of Object.values(next)) waiting.push(value);
  }
}

function namesOfCommonTables(node: Node): string[] {
  const map = (node.cte_map as { map?: unknown } | undefined)?.map;
  const names = Array.isArray(map) ? map.map((entry: { key?: unknown }) => String(entry.key).toLowerCase()) : [];
  // A recursive table names itself.
  return typeof node.ctename === 'string' ? [...names, node.ctename.toLowerCase()] : names;
}

function refuseForeignTables(node: Node, own: ReadonlySet<string>): void {
  if (node.type === 'BASE_TABLE') {
    const name = String(node.table_name);
    const plain = !node.schema_name && !node.catalog_name;
    if (plain && (name.toLowerCase() === TABLE || own.has(name.toLowerCase()))) return;
    throw refused(`There is no table "${name}".`);
  }
  if (node.type === 'TABLE_FUNCTION') {
    const called = node.function as { function_name?: unknown } | undefined;
    const name = String(called?.function_name).toLowerCase();
    if (!TABLE_FUNCTIONS.has(name)) throw refused(`The table function ${name} cannot be used here.`);
  }
}

const refused = (message: string) => new StudioError('usage', message, { hint: HINT });
