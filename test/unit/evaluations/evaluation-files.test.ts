import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { keepReport, listEvaluations, readReport } from '../../../src/core/evaluations/evaluation-files.ts';
import { reportCsv } from '../../../src/core/evaluations/export-csv.ts';
import { parseReport } from '../../../src/core/evaluations/parse-report.ts';
import type { EvaluationReport } from '../../../src/core/evaluations/report.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const FIXTURE = path.join(root, 'test', 'fixtures', 'evaluations', 'version-1.rmeval.json');
const fixture = () => JSON.parse(readFileSync(FIXTURE, 'utf8')) as EvaluationReport;

describe('a kept evaluation', () => {
  it('of format version 1 can be read, and is kept as it was', async () => {
    expect(await readReport(FIXTURE)).toEqual(fixture());
    const run = temporaryFolder();
    const { file, report } = await keepReport(run, fixture());
    expect(path.relative(run, file)).toMatch(/^evaluations.review-\d{8}-\d{6}-[0-9a-f]{4}\.rmeval\.json$/);
    expect(await readReport(file)).toEqual({ ...fixture(), id: report.id });
    expect(readdirSync(path.dirname(file))).toEqual([path.basename(file)]);
  });

  it('is listed with its data and first measure, newest first; what cannot be read is told apart', async () => {
    const run = temporaryFolder();
    expect(await listEvaluations(run)).toEqual({ evaluations: [], problems: [] });
    await keepReport(run, { ...fixture(), created_at: '2026-01-02T03:04:05.000Z' });
    await keepReport(run, { ...fixture(), created_at: '2026-02-02T03:04:05.000Z' });
    writeFileSync(path.join(run, 'evaluations', 'half.rmeval.json'), '{"version": 1, "id"');
    writeFileSync(path.join(run, 'evaluations', 'notes.txt'), 'not one');
    const { evaluations, problems } = await listEvaluations(run);
    expect(evaluations.map(({ createdAt }) => createdAt.slice(0, 7))).toEqual(['2026-02', '2026-01']);
    expect(evaluations[0]).toMatchObject({ n: fixture().evaluation.n, measure: { name: 'pair-accuracy' } });
    expect(problems).toMatchObject([{ code: 'damaged-file' }]);
  });

  it('does not bring back the folder of a run that was deleted meanwhile', async () => {
    const run = path.join(temporaryFolder(), 'run');
    mkdirSync(run);
    rmSync(run, { recursive: true });
    await expect(keepReport(run, fixture())).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it.each([
    ['no JSON', '{', 'damaged-file', /not JSON/],
    ['another thing', '[1, 2]', 'damaged-file', /right fields/],
    ['a later version', '{"version": 2}', 'unsupported-file', /format 2/],
  ])('that is %s is refused in one sentence', (_, text, code, message) => {
    const refused = (() => {
      try {
        return parseReport(text, 'x.rmeval.json');
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('is exported as CSV, one number a line, without formulas', () => {
    const [slicing] = fixture().slicings;
    const odd = { ...slicing!, slices: slicing!.slices.map((slice) => ({ ...slice, value: '=1+1, "x"' })) };
    const lines = reportCsv({ ...fixture(), slicings: [odd] }).split('\n');
    expect(lines[0]).toBe('part,by,slice,name,value,low,high,n,differs');
    const { value, interval, n } = fixture().evaluation.measures[0]!;
    expect(lines[1]).toBe(`measure,,,pair-accuracy,${value},${interval[0]},${interval[1]},${n},`);
    expect(lines.some((line) => line.includes(`"'=1+1, ""x"""`))).toBe(true);
  });
});
