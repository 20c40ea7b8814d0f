import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RecordBatchReader } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { convert } from '../../../src/core/datasets/convert.ts';
import type { TrainingRecord } from '../../../src/core/datasets/records.ts';
import { OutputFile } from '../../../src/core/datasets/writers/output-file.ts';
import { recordWriter } from '../../../src/core/datasets/writers/record-writer.ts';
import { readAll, suiteFolder, writeJsonl } from './files.ts';

const folder = suiteFolder();

const pairs = Array.from({ length: 7 }, (_, row) => ({
  prompt: [{ role: 'user', content: `q${row} é🎉` }],
  chosen: [{ role: 'assistant', content: `good ${row}` }],
  rejected: [{ role: 'assistant', content: 'bad' }],
  margin: row === 0 ? null : row / 2,
}));

async function converted(name: string): Promise<string> {
  const input = await writeJsonl(path.join(folder(), `${name}.jsonl`), pairs);
  const outputDir = path.join(folder(), name);
  await convert({ input, outputDir, method: 'bradley-terry', format: 'arrow' });
  return path.join(outputDir, 'data.arrow');
}

const ASK = `
import json, sys
import pyarrow.ipc as ipc
reader = ipc.open_file(sys.argv[1])
table = reader.read_all()
table.validate(full=True)
print(json.dumps(table.to_pylist()))
`;

/** The first Python that has pyarrow: the one named by REWARD_STUDIO_PYTHON, or python3. */
const python = [process.env.REWARD_STUDIO_PYTHON, 'python3'].find((candidate) => {
  if (!candidate) return false;
  try {
    execFileSync(candidate, ['-c', 'import pyarrow'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

describe('a converted Arrow file', () => {
  it('holds the records, with a datasheet beside it and nothing else', async () => {
    const file = await converted('records');
    expect(await readAll(file)).toEqual(pairs.map((pair) => Object.values(pair)));
    expect((await readdir(path.dirname(file))).sort()).toEqual(['data.arrow', 'dataset.json']);
    const datasheet = JSON.parse(await readFile(path.join(path.dirname(file), 'dataset.json'), 'utf8')) as {
      steps: { do: string; format?: string }[];
    };
    expect(datasheet.steps.at(-1)).toMatchObject({ do: 'write', format: 'arrow' });
  });

  it('has the same bytes for the same input', async () => {
    const [one, other] = [await readFile(await converted('one')), await readFile(await converted('other'))];
    expect(one.equals(other)).toBe(true);
  });

  it('is read again by convert', async () => {
    const input = await converted('again');
    const report = await convert({
      input,
      outputDir: path.join(folder(), 'back'),
      method: 'bradley-terry',
      format: 'arrow',
    });
    expect(report.records).toBe(pairs.length);
    expect(await readFile(report.files[0]!.path)).toEqual(await readFile(input));
  });

  it('has record batches of at most 5,000 rows', async () => {
    const output = await OutputFile.create(path.join(folder(), 'batches.arrow'), false);
    const writer = recordWriter(output, 'arrow', 'pointwise');
    const record = (row: number): TrainingRecord => ({
      kind: 'scored-response',
      prompt: [],
      response: [{ role: 'assistant', content: `text ${row}` }],
      score: row % 5,
    });
    for (let row = 0; row < 12_000; row++) await writer.write(record(row));
    await writer.finish();
    await output.finish();
    await output.commit();
    const batches = [...RecordBatchReader.from(await readFile(output.path))];
    expect(batches.map((batch) => batch.numRows)).toEqual([5_000, 5_000, 2_000]);
    expect(await readAll(output.path, { start: 9_999, end: 10_001 })).toEqual([
      [[], [{ role: 'assistant', content: 'text 9999' }], 4],
      [[], [{ role: 'assistant', content: 'text 10000' }], 0],
    ]);
  });

  it.skipIf(python === undefined)('is read by pyarrow (skipped where no Python has it)', async () => {
    const answer = execFileSync(python!, ['-c', ASK, await converted('python')], { encoding: 'utf8' });
    expect(JSON.parse(answer)).toEqual(pairs);
  });
});
