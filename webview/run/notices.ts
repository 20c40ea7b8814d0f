/** What stands above the tabs: alerts with reason and advice, why the run failed, and trouble of the panel itself. */

import type { AlertInfo, PanelRuns, RunSummary } from '../../src/protocol/run-panel.ts';
import { button, element, icon } from '../dataset/elements.ts';
import { counted } from '../dataset/text.ts';
import { notice } from '../ui/notice.ts';
import { ACTIVE } from './header.ts';
import { clock, count } from './text.ts';

/** Further ones are counted: the newest say most. */
const MOST_ALERTS = 3;
const MOST_WARNINGS = 50;

export interface NoticeEvents {
  readonly onDismiss: (key: string) => void;
  readonly onShowLog: () => void;
  readonly onResume: () => void;
  readonly onReload: () => void;
}

export interface NoticesShown {
  readonly summary: RunSummary | undefined;
  readonly runs: PanelRuns | undefined;
  readonly dismissed: readonly string[];
  /** Why nothing can be followed now. */
  readonly problem: string | undefined;
}

export const alertKey = ({ alert, time }: AlertInfo): string => `${time} ${alert}`;

export function showNotices(into: HTMLElement, shown: NoticesShown, events: NoticeEvents): void {
  const { summary, problem, dismissed } = shown;
  const notices: HTMLElement[] = [];
  if (problem !== undefined) {
    notices.push(notice('error', element('span', {}, problem), button('Reload', events.onReload)));
  }
  if (summary?.failure) notices.push(failure(summary.failure, shown.runs, events));
  if (summary?.status === 'lost') {
    const asOf = summary.updatedAt === null ? '' : ` The last values are of ${clock(summary.updatedAt)}.`;
    notices.push(
      notice(
        'warning',
        element(
          'span',
          {},
          summary.vanished === null
            ? `Its process cannot be seen from here: it may still be running.${asOf}`
            : `It is not known any more where it ran: ${summary.vanished}${asOf}`,
        ),
      ),
    );
  }
  if (summary?.connection && ACTIVE.has(summary.status)) {
    const since = `Not reached since ${clock(summary.connection.since)}; tried again and again. It goes on there. `;
    notices.push(notice('warning', element('span', {}, since, summary.connection.message)));
  }
  const alerts = (summary?.alerts ?? []).filter((alert) => !dismissed.includes(alertKey(alert)));
  for (const alert of alerts.slice(-MOST_ALERTS).reverse()) notices.push(alertNotice(alert, events));
  if (alerts.length > MOST_ALERTS) {
    notices.push(element('p', { class: 'dim more-alerts' }, `${alerts.length - MOST_ALERTS} earlier alerts`));
  }
  const { warnings = [], damagedLines = 0, logProblems = [] } = summary ?? {};
  if (warnings.length > 0) notices.push(folded(counted(warnings.length, 'warning'), warnings.slice(-MOST_WARNINGS)));
  if (damagedLines > 0) {
    notices.push(folded(`${counted(damagedLines, 'line')} of its logs cannot be read: passed over`, logProblems));
  }
  into.replaceChildren(...notices);
  for (const tail of into.querySelectorAll('.log-tail pre')) tail.scrollTop = tail.scrollHeight;
}

/** What the trainer remarked and what of the logs could not be read: seldom urgent, so it is folded. */
function folded(title: string, lines: readonly string[]): HTMLElement {
  return element(
    'details',
    { class: 'warnings' },
    element('summary', {}, title),
    ...lines.map((line) => element('p', {}, line)),
  );
}

function alertNotice(alert: AlertInfo, events: NoticeEvents): HTMLElement {
  const where = [alert.step === null ? '' : `step ${count(alert.step)}`, clock(alert.time)].filter(
    (part) => part !== '',
  );
  const made = notice(
    'warning',
    element(
      'span',
      {},
      element('b', {}, alert.message),
      ` ${alert.hint} `,
      element('span', { class: 'dim' }, where.join(' \u00b7 ')),
    ),
    button('Show Log', events.onShowLog, { class: 'link' }),
    button('Dismiss', () => events.onDismiss(alertKey(alert)), { class: 'quiet' }, icon('close')),
  );
  made.dataset.alert = alert.alert;
  return made;
}

function failure(
  { reason, logTail }: NonNullable<RunSummary['failure']>,
  runs: PanelRuns | undefined,
  events: NoticeEvents,
): HTMLElement {
  const log = element(
    'details',
    { class: 'log-tail', open: true },
    element('summary', {}, `Last ${count(logTail.length)} log lines`),
    element('pre', {}, logTail.join('\n')),
  );
  const resume = runs?.actions.includes('resume')
    ? button('Resume from Checkpoint', events.onResume, { class: 'primary' })
    : undefined;
  return notice(
    'error',
    element('div', { class: 'failure' }, element('b', {}, reason), logTail.length > 0 ? log : undefined),
    button('Show Log', events.onShowLog),
    ...(resume ? [resume] : []),
  );
}
