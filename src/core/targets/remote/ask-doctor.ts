/** What the Python of a target has: the answer of `doctor --json` there. */

import { StudioError } from '../../errors.ts';
import { type DoctorReport, doctorSchema } from '../../python/doctor.ts';
import type { PythonVerb } from '../../python/python-command.ts';

export async function askForDoctor(
  ask: (verb: PythonVerb, args: readonly string[]) => Promise<string>,
): Promise<DoctorReport> {
  const answer = await ask('doctor', ['--json']);
  const line = answer.trim().split('\n').at(-1) ?? '';
  try {
    return doctorSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new StudioError('not-available', `The Python there did not say what it has: ${line.slice(0, 200)}`, {
      hint: 'Name another interpreter with "Add Training Target".',
      cause,
    });
  }
}
