import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatCell } from '../../../src/core/datasets/format-cell.ts';
import { converterOf } from '../../../src/core/datasets/readers/parquet/leaf-values.ts';
import { readAll, suiteFolder, withDataset, writeParquetSchema } from './files.ts';
import { parquetFixture } from './parquet-fixtures.ts';

const folder = suiteFolder();

/** Every column as shown, by its place. */
async function shown(name: string): Promise<[string, string[]][]> {
  const rows = await readAll(parquetFixture(name));
  return withDataset(parquetFixture(name), async ({ columns }) =>
    columns.map(({ name: column }, index) => [column, rows.map((row) => formatCell(row[index]))]),
  );
}

describe('the values of a Parquet file', () => {
  it('are shown exactly as they are stored', async () => {
    expect(await shown('exact-values')).toEqual([
      ['int64', ['9223372036854775807', '-9223372036854775808', 'null']],
      ['uint64', ['18446744073709551615', '5', 'null']],
      ['uint32', ['4294967295', '0', 'null']],
      ['decimal 38', ['12345678901234567890.123456789', '-0.000000001', 'null']],
      ['decimal 5', ['4.5', '-1.25', 'null']],
      ['decimal 76', ['9'.repeat(70), '-1', 'null']],
      ['wall clock ns', ['2023-11-14T22:13:20.123456789', '1969-12-31T23:59:59.999999999', 'null']],
      ['instant us', ['2023-11-14T22:13:20.123456Z', '1969-12-31T23:59:59.999999Z', 'null']],
      ['wall clock ms', ['2023-11-14T22:13:20.123', '1969-12-31T23:59:59.999', 'null']],
      ['time ms', ['00:00:00.001', '23:59:59.999', 'null']],
      ['time ns', ['00:00:00.000000001', '23:59:59.999999999', 'null']],
      ['date', ['2024-02-29', '0001-01-01', 'null']],
      ['binary', ['0xff00', '0x', 'null']],
      ['fixed', ['0x31323334', '0xffffffff', 'null']],
      ['repeated keys', ['[{"key": "a", "value": 1}, {"key": "a", "value": 2}]', '{}', 'null']],
      ['text keys', ['{"b": 1, "a": null}', '{}', 'null']],
      ['number keys', ['[{"key": 2, "value": "x"}, {"key": 1, "value": "y"}]', '[{"key": 7, "value": null}]', 'null']],
      ['list', ['[null]', '[]', 'null']],
      ['struct', ['{"a": null}', '{"a": 1}', 'null']],
      ['float16', ['1.5', '5.960464477539063e-8', 'null']],
      ['double', ['-0', 'NaN', '-Infinity']],
      ['a', ['1', '2', '3']],
      ['a', ['x', '', '\ufffd']],
      ['', ['null', 'null', 'null']],
      ['__proto__', ['{"__proto__": 1}', 'null', '{"__proto__": null}']],
    ]);
  });

  it('keep the nanoseconds of the old type INT96', async () => {
    expect(await shown('int96')).toEqual([
      ['int96', ['2023-11-14T22:13:20.123456789', '1969-12-31T23:59:59.999999999']],
    ]);
  });

  it('that are intervals, odd text or times of the old annotations are shown as what they are', async () => {
    const interval = Buffer.alloc(12);
    interval.writeUInt32LE(14, 0);
    interval.writeUInt32LE(3, 4);
    interval.writeUInt32LE(4_005, 8);
    const name = await writeParquetSchema(
      path.join(folder(), 'odd.parquet'),
      [
        { name: 'schema', num_children: 3 },
        { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'enum', type: 'BYTE_ARRAY', converted_type: 'ENUM', repetition_type: 'REQUIRED' },
        { name: 'at', type: 'INT64', converted_type: 'TIMESTAMP_MICROS', repetition_type: 'REQUIRED' },
      ],
      [
        [
          { name: 'text', data: [new Uint8Array([0x61, 0xff]), '\ufeffmark'] },
          { name: 'enum', data: [new TextEncoder().encode('RED'), new TextEncoder().encode('BLUE')] },
          { name: 'at', data: [1n, -62_135_596_800_000_001n] },
        ],
      ],
    );
    expect((await readAll(name)).map((row) => row.map(formatCell))).toEqual([
      ['0x61ff', 'RED', '1970-01-01T00:00:00.000001Z'],
      ['\ufeffmark', 'BLUE', '0000-12-31T23:59:59.999999Z'],
    ]);
    const element = { name: 'i', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 12, converted_type: 'INTERVAL' } as const;
    expect(converterOf(element)(interval)).toBe('P14M3DT4.005S');
  });
});
