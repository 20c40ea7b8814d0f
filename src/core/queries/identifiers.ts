/** Names and texts inside SQL. Values never come here: they are bound as parameters. */

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** For what SQL takes only as a literal: paths, and names of struct fields. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Names for the columns in SQL: their own where they can be. DuckDB knows no empty names and ignores letter case.
 * @param reserved names that none of them may take
 */
export function sqlNames(names: readonly string[], reserved: readonly string[] = []): string[] {
  const taken = new Set(reserved.map((name) => name.toLowerCase()));
  const own = new Set(names.map((name) => name.toLowerCase()));
  return names.map((name, index) => {
    const base = (name === '' ? `column_${index + 1}` : name).replaceAll('\0', '\uFFFD');
    let candidate = base;
    for (let next = 2; taken.has(candidate.toLowerCase()) || (candidate !== name && own.has(candidate.toLowerCase())); )
      candidate = `${base}_${next++}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

/** The first of `row_index`, `row_index_2`, ... that no column has. */
export function freeName(wanted: string, names: readonly string[]): string {
  return sqlNames([...names, wanted]).at(-1)!;
}

/** Values bound to a statement, as DuckDB numbers them: `$1`, `$2`, ... Each is text and is cast where it is used. */
export class Parameters {
  readonly values: string[] = [];

  add(value: string): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
