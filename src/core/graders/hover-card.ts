/** A grade as the Markdown of a hover. What comes from data never becomes markup. */

import { type GradeCardOptions, gradeCard } from './grade-card.ts';
import type { Grade } from './grader.ts';

const ICONS = { better: '$(check)', worse: '$(arrow-down)', tie: '$(dash)' } as const;

/** Markdown for a hover with theme icons and without HTML: a bold headline, a table of facts, notes. */
export function hoverCard(grade: Grade, options: GradeCardOptions): string {
  const { verdict, headline, facts, reason, notes } = gradeCard(grade, options, escapeMarkdown);
  const [first = '', ...rest] = facts.map(([name, value]) => `| ${name} | ${value} |`);
  return [
    `${verdict ? ICONS[verdict] : '$(law)'} **${headline}**`,
    [first, '|:--|:--|', ...rest].join('\n'),
    ...(reason === undefined ? [] : [reason]),
    ...notes.map((note) => `$(info) ${note}`),
  ].join('\n\n');
}

/**
 * Text as Markdown that shows it: no emphasis, link, code, table cell, HTML, bare address or theme icon comes of it.
 * A dollar sign becomes an entity because VS Code looks for theme icons after it has undone the escapes.
 */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|<>~&:@"'=^]/g, '\\$&')
    .replace(/\$/g, '&#36;')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}\\.`)
    .replace(/^-/, '\\-')
    .replace(/^(\d+)\./, '$1\\.');
}
