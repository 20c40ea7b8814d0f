/** What to say when a dataset is not recognised, or is in two ways. */

import { StudioError } from '../errors.ts';
import { METHODS, type MethodId } from '../methods/method.ts';
import type { ColumnMap } from './formats/binding.ts';
import type { BoundFormat } from './formats/bound-format.ts';
import type { ShapeDeclaration } from './formats/declaration.ts';
import { shellWord } from './formats/text.ts';
import type { Candidate, Recognition } from './recognise.ts';

/**
 * The format to read a dataset with.
 * @throws StudioError 'missing-column' or 'unrecognised-shape': none fits, or two do that mean different things
 */
export function chooseFormat(recognition: Recognition, method: MethodId): BoundFormat {
  const [best, rivals] = readings(recognition, method);
  if (!best) throw unrecognised(recognition, method);
  if (rivals.length < 2) return best.format;
  throw new StudioError('unrecognised-shape', `The labels can be read in ${rivals.length} ways.`, {
    where: { file: recognition.dataset.name },
    hint: `Say which: ${saysOf(rivals)}.`,
  });
}

/** A hint with "--map field=COLUMN" as a person can type it: with the column that the field is bound to. */
function withColumns(text: string, format: BoundFormat): string {
  return text.replace(
    /--map (\w+)=COLUMN/g,
    (_, field: string) => `--map ${field}=${shellWord(format.columnOf(field))}`,
  );
}

/** The best shape of a method, and those that read the same labels in other ways. */
function readings(recognition: Recognition, method: MethodId): [Candidate | undefined, Candidate[]] {
  const fitting = recognition.candidates.filter((candidate) => candidate.method === method && candidate.fits);
  const [best] = fitting;
  const family = best?.format.shape.ambiguity?.family;
  if (family === undefined) return [best, []];
  return [best, fitting.filter((candidate) => candidate.format.shape.ambiguity?.family === family)];
}

/** What a person has to say where the labels can be read in several ways; undefined where they cannot. */
export function readingsText(recognition: Recognition, method: MethodId): string | undefined {
  const [, rivals] = readings(recognition, method);
  return rivals.length < 2 ? undefined : saysOf(rivals);
}

function saysOf(rivals: readonly Candidate[]): string {
  return rivals.map(({ format }) => withColumns(format.shape.ambiguity!.say, format)).join(' or ');
}

/** Names the shapes that were tried and the nearest one, with what it lacks. */
export function unrecognised(recognition: Recognition, method: MethodId): StudioError {
  const { dataset } = recognition;
  const title = METHODS[method].title;
  const where = { file: dataset.name };
  if (dataset.rowCount === 0) {
    return new StudioError('no-rows', 'The dataset has no rows.', { where, hint: 'Choose a file that holds some.' });
  }
  const candidates = recognition.candidates.filter((candidate) => candidate.method === method);
  const refused = candidates.find((candidate) => candidate.refused !== undefined);
  if (refused) {
    return new StudioError('unrecognised-shape', `The rows look like "${refused.title}", but ${refused.refused}.`, {
      where,
    });
  }
  const { unusable } = recognition;
  if (unusable && !recognition.candidates.some((candidate) => candidate.fits)) {
    return new StudioError('unrecognised-shape', `The rows are known, but train nothing: ${unusable.because}.`, {
      where,
      hint: `${unusable.instead}.`,
    });
  }
  const nearest = [...candidates].sort((a, b) => b.share - a.share)[0];
  const [problem] = nearest?.firstProblems ?? [];
  if (nearest && problem) {
    const message = `The rows do not fit ${title}: nearest is "${nearest.title}", but ${onlyText(nearest)}.`;
    return new StudioError('unrecognised-shape', message, {
      where,
      hint: `First, in row ${problem.row}, "${problem.field}": ${problem.message}. ${triedText(recognition, method)}`,
    });
  }
  const lacking = nearestShortfall(recognition, method);
  const columns = dataset.columns.map((name) => `"${name}"`).join(', ');
  const lacks =
    lacking === undefined
      ? ''
      : ` Nearest is "${lacking.shape.title}", which lacks ${missingText(lacking.missing, lacking.shape)}.`;
  return new StudioError('missing-column', `The columns (${columns}) make up no shape for ${title}.${lacks}`, {
    where: { ...where, ...(lacking?.missing[0] === undefined ? {} : { field: lacking.missing[0] }) },
    hint: `Name a column with --map ${lacking?.missing[0] ?? 'field'}=COLUMN. ${triedText(recognition, method)}`,
  });
}

/** How few of the sampled rows fit. */
export function onlyText({ share, evidence }: Candidate): string {
  return share === 0 ? (evidence[1] ?? '').replace(/^0 of (.*) fit$/, 'none of the $1 fits') : `only ${evidence[1]}`;
}

/** The shape that lacks the fewest columns of those it needs, as a share; the plainest among equals. */
export function nearestShortfall(recognition: Recognition, method: MethodId) {
  const lacking = recognition.shortfalls.filter((shortfall) => shortfall.method === method);
  const need = (shape: ShapeDeclaration) => Object.values(shape.fields).filter((field) => !field.optional).length;
  const shareLacking = ({ shape, missing }: (typeof lacking)[number]) => missing.length / need(shape);
  return [...lacking].sort((a, b) => shareLacking(a) - shareLacking(b) || b.shape.rank - a.shape.rank)[0];
}

/** The missing fields with the spellings that would do. */
export function missingText(missing: readonly string[], shape: ShapeDeclaration): string {
  return missing
    .map((field) => {
      const others = shape.fields[field]?.columns ?? [];
      return others.length === 0 ? `"${field}"` : `"${field}" (or ${others.map((name) => `"${name}"`).join(', ')})`;
    })
    .join(' and ');
}

function triedText(recognition: Recognition, method: MethodId): string {
  const tried = [
    ...recognition.candidates.filter((candidate) => candidate.method === method).map((candidate) => candidate.title),
    ...recognition.shortfalls.filter((shortfall) => shortfall.method === method).map(({ shape }) => shape.title),
  ];
  return `Tried: ${tried.join('; ')}.`;
}

/** @throws StudioError 'usage' where `--map` names a field that no shape has */
export function refuseUnknownFields(map: ColumnMap, shapes: readonly ShapeDeclaration[]): void {
  const known = new Set(
    shapes.flatMap((shape) => Object.entries(shape.fields).flatMap(([name, field]) => [name, ...field.columns])),
  );
  const unknown = Object.keys(map).find((field) => !known.has(field));
  if (unknown === undefined) return;
  const fields = [...new Set(shapes.flatMap((shape) => Object.keys(shape.fields)))].sort();
  throw new StudioError('usage', `No row shape has a field "${unknown}".`, {
    where: { field: unknown },
    hint: `The fields are: ${fields.join(', ')}.`,
  });
}
