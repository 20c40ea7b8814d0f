/** Words for the SQL box: this dataset's columns, and what this DuckDB knows. */

import type { Answering } from './answering.ts';
import type { Completions } from './questions.ts';
import type { QuerySession } from './session.ts';

const FUNCTIONS = `SELECT DISTINCT function_name FROM duckdb_functions()
  WHERE function_type IN ('scalar', 'aggregate', 'macro') AND regexp_full_match(function_name, '[a-z][a-z0-9_]*')
  ORDER BY function_name`;
const KEYWORDS = `SELECT DISTINCT upper(keyword_name) AS keyword FROM duckdb_keywords() ORDER BY keyword`;

export function completions(session: QuerySession, { signal }: Answering): Promise<Completions> {
  return session.ask({ signal }, async (connection) => {
    const words = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().map(([word]) => String(word));
    return {
      columns: [...session.columns.map(({ sqlName }) => sqlName), session.rowColumn],
      functions: await words(FUNCTIONS),
      keywords: await words(KEYWORDS),
    };
  });
}
