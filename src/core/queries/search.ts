/** Text search over the whole file: rows with a hit, in order, as they are found. */

import { StudioError } from '../errors.ts';
import type { Answering } from './answering.ts';
import { Parameters } from './identifiers.ts';
import type { SearchAnswer, SearchRequest } from './questions.ts';
import { rowNumbers } from './row-numbers.ts';
import type { QuerySession } from './session.ts';
import { windowsOf } from './source-rows.ts';
import { anyText, holdsText } from './string-leaves.ts';
import { textCondition } from './text-conditions.ts';

/** @throws StudioError 'usage' for an empty text or a pattern that is none, 'missing-column', 'cancelled' */
export async function search(
  session: QuerySession,
  request: SearchRequest,
  { signal, send }: Answering,
): Promise<SearchAnswer> {
  const { wanted, hits, parameters } = searchSql(session, request);
  const perColumn = wanted.map((column) => ({ column, rows: 0 }));
  let rows = 0;
  let searched = 0;
  if (hits.length === 0) return { rows, perColumn };
  const counted = hits.map((hit, index) => `${hit} AS h${index}`);
  let windowRows = 0;
  // Nobody waits for it: an answer that cannot be sent any more says so itself.
  const onProgress = (done: number) =>
    void send({ kind: 'progress', done: (searched + done * windowRows) / session.source.rowCount }).catch(() => {});
  return session.ask({ signal, onProgress }, async (connection) => {
    for (const window of windowsOf(session.source, session.threads)) {
      windowRows = window.rows;
      const sql = `SELECT r, ${counted.join(', ')} FROM ${window.from} WHERE ${hits.join(' OR ')}`;
      const result = await connection.stream(sql, parameters.values);
      for await (const { numbers, chunk } of rowNumbers(result, signal)) {
        for (const [index, count] of perColumn.entries()) {
          for (const hit of chunk.getColumnValues(index + 1)) if (hit === true) count.rows++;
        }
        rows += numbers.length;
        await send({ kind: 'hits', rows: numbers });
      }
      searched += window.rows;
      windowRows = 0;
      await send({ kind: 'progress', done: searched / session.source.rowCount });
    }
    return { rows, perColumn };
  });
}

/** The columns searched, and for each the SQL that is true where it has a hit. */
export function searchSql(session: QuerySession, request: SearchRequest) {
  const { text, columns, ...how } = request;
  if (text === '') throw new StudioError('usage', 'There is no text to search for.');
  const parameters = new Parameters();
  const condition = textCondition({ text, ...how }, parameters);
  const searched = (columns ?? [...session.columns.keys()]).filter((index) =>
    holdsText(session.duckDb, session.column(index)),
  );
  const hits = searched.map((index) => anyText(session.duckDb, session.column(index), condition));
  return { wanted: searched, hits, parameters };
}
