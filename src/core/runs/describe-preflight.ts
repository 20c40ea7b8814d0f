/** What a look before a run found, as lines of text. */

import { formatBytes } from '../sizes.ts';
import type { PreflightReport } from './preflight.ts';
import type { PreflightCheck } from './preflight-check.ts';

const MARKS = { ok: 'ok  ', warning: 'WARN', error: 'FAIL' } as const;

export const describeChecks = (checks: readonly PreflightCheck[]): string[] =>
  checks.flatMap(({ what, severity, detail, findings = [] }) => [
    `${MARKS[severity]}  ${what}: ${detail}`,
    ...findings.map(({ severity, message }) => `      ${severity}: ${message}`),
  ]);

export function describePreflight({ ok, checks, run }: PreflightReport): string[] {
  const lines = describeChecks(checks);
  if (!run) return [...lines, ok ? '' : 'The run cannot be started.'];
  const { plan, draft } = run;
  const environment = Object.entries(plan.environment).map(([name, value]) => `${name}=${value}`);
  return [
    ...lines,
    '',
    `name         ${draft.name}`,
    `command      ${JSON.stringify(plan.command)}`,
    `environment  ${environment.join(' ') || 'as it is'}`,
    `started in   ${plan.workingFolder}`,
    ...(plan.there ? [`started on   ${plan.there.target}`] : []),
    `folder       ${plan.folder}`,
    ...(plan.there?.uploads ?? []).map(
      ({ name, path: file, bytes }) => `brings there ${file} (${name}, ${formatBytes(bytes)})`,
    ),
    ...plan.reads.map((file) => `reads        ${file}`),
    ...plan.writes.map(({ path: file, what }) => `writes       ${file} (${what})`),
    'Nothing was started or written.',
  ];
}
