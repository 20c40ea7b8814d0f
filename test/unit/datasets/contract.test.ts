import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHAPES, UNUSABLE_SHAPES } from '../../../src/core/datasets/formats/shapes.ts';
import {
  decodeJson,
  isBlank,
  numberOf,
  quoteValue,
  textOf,
  trimBlanks,
} from '../../../src/core/datasets/formats/text.ts';
import { readRecords } from '../../../src/core/datasets/read-records.ts';
import { type Candidate, type Recognition, recognise } from '../../../src/core/datasets/recognise.ts';
import { promptKey, type TrainingRecord } from '../../../src/core/datasets/records.ts';
import { assignSplit, groupOf } from '../../../src/core/datasets/split.ts';
import { fixtureNames, type Outcome, readFixture, type ShapeFixture, setNames } from './contract-fixtures.ts';
import { suiteFolder, withDataset, writeJsonl } from './files.ts';

const folder = suiteFolder();
const SHAPES_FOLDER = path.resolve(import.meta.dirname, '../../../src/core/datasets/formats/shapes');
const all = [...fixtureNames(), ...setNames()];
const ids = [...SHAPES, ...UNUSABLE_SHAPES].map((shape) => shape.id);

/** Recognises the rows and reads them by the fixture's shape. */
async function run({ shape, map }: ShapeFixture, rows: readonly unknown[]) {
  const file = await writeJsonl(path.join(folder(), `${shape}.jsonl`), rows);
  return withDataset(file, async (dataset) => {
    const recognition = await recognise(dataset, map === undefined ? {} : { map });
    const candidate = recognition.candidates.find((found) => found.id === shape);
    return { recognition: expectation(recognition, candidate), records: await outcomes(dataset, candidate) };
  });
}

function expectation(recognition: Recognition, candidate: Candidate | undefined): ShapeFixture['recognition'] {
  const fitting = recognition.candidates.filter((found) => found.fits);
  return {
    best: fitting.find((found) => found.method === candidate?.method)?.id ?? null,
    fitting: fitting.map((found) => found.id),
    ...(recognition.unusable && { unusable: recognition.unusable.id }),
  };
}

async function outcomes(dataset: Parameters<typeof readRecords>[0], candidate: Candidate | undefined) {
  const found: Outcome[][] = Array.from({ length: dataset.rowCount }, () => []);
  if (!candidate) return found;
  for await (const { row, record, problem } of readRecords(dataset, candidate.format)) {
    found[row]!.push(problem ? { problem: { code: problem.code, field: problem.field } } : record);
  }
  return found;
}

describe('the contract that Python keeps too', () => {
  it('has a fixture for every declaration, and every declaration is known', () => {
    const declared = readdirSync(SHAPES_FOLDER).map((name) => path.basename(name, '.json'));
    expect([...ids].sort()).toEqual([...declared].sort());
    expect(fixtureNames()).toEqual([...declared].sort());
    expect(SHAPES.map((shape) => shape.id)).toEqual(SHAPES.map((shape) => shape.id).sort());
  });

  it.each(all)('%s: the records, the problems and what is recognised', async (name) => {
    const fixture = readFixture<ShapeFixture>(name);
    expect(await run(fixture, fixture.rows)).toEqual({ recognition: fixture.recognition, records: fixture.records });
  });

  it.each(all)('%s: columns of JSON text give the same records', async (name) => {
    const fixture = readFixture<ShapeFixture>(name);
    const usable = fixture.rows.filter((_, row) => fixture.records[row]?.every((outcome) => 'kind' in outcome));
    const encoded = usable.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, json(cell)])),
    );
    const wanted = fixture.records.filter((found) => found.every((outcome) => 'kind' in outcome));
    expect((await run(fixture, encoded)).records).toEqual(wanted);
  });

  it('every shape meets rows that it reads and rows that it refuses', () => {
    for (const id of SHAPES.map((shape) => shape.id)) {
      const found = readFixture<ShapeFixture>(id).records.flat();
      expect([id, found.some((outcome) => 'kind' in outcome)]).toEqual([id, true]);
      expect([id, found.some((outcome) => 'problem' in outcome)]).toEqual([id, true]);
    }
  });
});

function json(cell: unknown): unknown {
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;
}

const NO_FIELD = 'field';
/** What the two languages must say alike of one value; undefined is written as null. */
const PRIMITIVES: Readonly<Record<string, (value: unknown) => unknown>> = {
  'is-blank': (value) => isBlank(value as string),
  'trim-blanks': (value) => trimBlanks(value as string),
  'squeeze-white': (value) => promptKey([{ role: 'user', content: value as string }]).slice('user\u0000'.length),
  number: (value) => numberOf(value) ?? null,
  text: (value) => textOrCode(value),
  'decode-json': (value) => JSON.stringify(decodeJson(value)),
  lower: (value) => (value as string).toLowerCase(),
  quote: quoteValue,
};

function textOrCode(value: unknown): unknown {
  try {
    return textOf(value, NO_FIELD);
  } catch (error) {
    return { problem: (error as { code: string }).code };
  }
}

describe('text where languages differ', () => {
  const fixture = readFixture<Record<string, [unknown, unknown][]>>('text');

  it('has a fixture for every primitive', () => {
    expect(Object.keys(fixture)).toEqual(Object.keys(PRIMITIVES));
  });

  it.each(Object.keys(fixture))('%s', (name) => {
    for (const [value, wanted] of fixture[name]!) expect([value, PRIMITIVES[name]!(value)]).toEqual([value, wanted]);
  });
});

interface SplitFixture {
  readonly groups: readonly { readonly record: TrainingRecord; readonly group: string }[];
  readonly splits: readonly {
    readonly groups: readonly string[];
    readonly shares: [string, number][];
    readonly seed: number;
    readonly parts: readonly string[];
  }[];
}

describe('the split rule', () => {
  const fixture = readFixture<SplitFixture>('split');

  it('gives the groups of the fixture', () => {
    expect(fixture.groups.map(({ record }) => groupOf(record))).toEqual(fixture.groups.map(({ group }) => group));
  });

  it('gives the parts of the fixture', () => {
    for (const { groups, shares, seed, parts } of fixture.splits) {
      expect(assignSplit(groups, Object.fromEntries(shares), seed)).toEqual(parts);
    }
  });
});
