/** An evaluation as an entry below its run: on which data, and the first measure. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { KeptEvaluation } from '../../core/evaluations/evaluation-files.ts';
import { formatAge } from '../../core/graders/grade-card.ts';
import { formatMeasure, measureTitle, shortMeasure } from '../../core/methods/describe-evaluation.ts';

export function evaluationTreeItem({ file, data, measure, n, createdAt }: KeptEvaluation): vscode.TreeItem {
  const name = path.basename(data);
  const item = new vscode.TreeItem(name);
  item.iconPath = new vscode.ThemeIcon('checklist');
  item.description = [measure && shortMeasure(measure), `n ${n.toLocaleString('en')}`, formatAge(createdAt, new Date())]
    .filter(Boolean)
    .join(' · ');
  item.tooltip = new vscode.MarkdownString().appendText(
    [`Evaluated on ${data}`, measure && `${measureTitle(measure.name)} ${formatMeasure(measure)}`]
      .filter(Boolean)
      .join('\n'),
  );
  item.contextValue = 'evaluation';
  item.command = { command: 'rewardStudio.openEvaluation', title: 'Open Evaluation', arguments: [{ file }] };
  item.accessibilityInformation = { label: `evaluated on ${name}, ${item.description}` };
  return item;
}
