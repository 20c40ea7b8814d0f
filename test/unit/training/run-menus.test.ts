/** What the entries of the side bar offer, by the manifest. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';

const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

interface MenuItem {
  readonly command: string;
  readonly when: string;
  readonly group: string;
}

/** The actions of an entry, by whether they are icons beside it or lines of its menu. */
function actionsOf(view: string, viewItem: string) {
  const items = (contributes.menus['view/item/context'] as MenuItem[]).filter(({ when }) => {
    const [, of, operator, value = ''] = /^view == (\S+) && viewItem (==|=~) (.+)$/.exec(when) ?? [];
    if (of !== view) return false;
    return operator === '==' ? viewItem === value : new RegExp(value.slice(1, -1)).test(viewItem);
  });
  const named = (chosen: MenuItem[]) => chosen.map(({ command }) => command.replace('rewardStudio.', ''));
  const inline = items.filter(({ group }) => group.startsWith('inline'));
  const menu = items.filter((item) => !inline.includes(item));
  return { icons: named(inline), menu: named(menu), groups: menu.map(({ group }) => group.split('@')[0]!) };
}

const RUNS = {
  'run.active.trainable': ['openRun', 'stopRun'],
  'run.ended.resumable.trainable': ['openRun', 'resumeRun'],
  'run.ended.gradable.evaluable.exportable.trainable': ['openRun', 'useAsGrader'],
  'run.ended.imported': ['openRun'],
};

describe('a run in the side bar', () => {
  for (const [viewItem, icons] of Object.entries(RUNS)) {
    it(`${viewItem} has ${icons.length} icons, and all its actions in its menu`, () => {
      const actions = actionsOf('rewardStudio.training', viewItem);
      expect(actions.icons).toEqual(icons);
      expect(actions.menu).toEqual(expect.arrayContaining(icons));
      expect(actions.groups[0]).toBe('navigation');
      expect(actions.menu.includes('deleteRun')).toBe(viewItem.includes('ended'));
    });
  }
});

it('no entry of a view has more than three icons', () => {
  const graders = ['grader.registered.keyed', 'grader.registered', 'grader.run'];
  const items = [
    ...Object.keys(RUNS).map((viewItem) => ['rewardStudio.training', viewItem] as const),
    ['rewardStudio.training', 'evaluation'] as const,
    ...graders.map((viewItem) => ['rewardStudio.graders', viewItem] as const),
  ];
  for (const [view, item] of items) expect(actionsOf(view, item).icons.length, item).toBeLessThanOrEqual(3);
});
