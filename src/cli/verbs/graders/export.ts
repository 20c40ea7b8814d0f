import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { StudioError } from '../../../core/errors.ts';
import { EXPORT_FORMS, type ExportForm, exportGrader } from '../../../core/graders/export/export-grader.ts';
import { resolveModel } from '../../../core/graders/model-reference.ts';
import { openStore } from '../../arguments.ts';
import { printJson, printLines } from '../../output.ts';

interface ExportOptions {
  readonly form: ExportForm;
  readonly out?: string;
  readonly json?: boolean;
}

export function addExportGrader(graders: Command): void {
  graders
    .command('export')
    .description('write a trained transformer as one Python file: graders of OpenJudge, or a script')
    .argument('<model>', 'model folder, run folder, run id or run name')
    .addOption(new Option('--form <form>', 'what to write').choices(EXPORT_FORMS).default('openjudge'))
    .option('--out <file>', 'the Python file; without it the text is printed')
    .option('--json', 'print as JSON')
    .action(exportModel);
}

async function exportModel(reference: string, { form, out, json }: ExportOptions): Promise<void> {
  const model = await resolveModel(reference, openStore());
  const { module, names } = await exportGrader(model, form, path.join(import.meta.dirname, 'python'));
  const file = out === undefined ? undefined : path.resolve(out);
  if (file !== undefined) {
    // What a person has written there is theirs.
    await writeFile(file, module, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
      throw new StudioError('usage', 'There is a file already.', { where: { file }, hint: 'Name another.', cause });
    });
  }
  if (json) printJson({ form, file: file ?? null, names, ...(file === undefined ? { module } : {}) });
  else printLines(file === undefined ? [module] : [`${file}: ${names.join(', ')}`]);
}
