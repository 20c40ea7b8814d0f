/** A real VS Code workbench with the packaged extension installed, driven as a person drives it. */

import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../../scripts/environments/chromium.mjs';
import { ensureCodeServer } from '../../scripts/environments/code-server.mjs';
import { root } from '../../scripts/main.mjs';
import { vsixPath } from '../../scripts/package.mjs';
import { chooseFromMenu, untilShown } from './again.ts';
import { escapeForRegExp, quickInput, quickPick, showCommand, startingWith } from './command-palette.ts';
import { hoverText, selectText } from './editor-text.ts';
import { recordForeignHosts, recordLogs } from './observe.ts';
import { WorkbenchServer } from './server.ts';
import { contributedViewContainers, copyWorkspace } from './workspace.ts';

export const ARTIFACTS = path.join(root, 'artifacts');
const READY_MS = 90_000;
const WAIT_MS = 60_000;
/** Where no tooltip of the entry under the resting mouse covers it. */
const AT_ITS_START = { x: 8, y: 8 };

export interface WorkbenchOptions {
  /** Names the logs in artifacts/logs. */
  readonly name?: string;
  /** A folder whose copy is opened; without one, an empty folder. */
  readonly workspace?: string;
  /** Files to add to the workspace: relative path -> text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly theme?: 'dark' | 'light';
  /** False opens the folder in Restricted Mode. Default true. */
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of scope machine. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** Default: the one that `npm run package` builds. */
  readonly vsix?: string;
  /** Folders of extensions that are packaged and installed beside it. */
  readonly others?: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Of the server and the extension, beside what they have anyway. */
  readonly env?: Readonly<Record<string, string>>;
}

export class Workbench {
  private constructor(
    readonly page: Page,
    /** The copy that is open: tests may change it. */
    readonly folder: string,
    readonly server: WorkbenchServer,
    private readonly viewContainers: readonly string[],
    private readonly recordedHosts: () => Set<string>,
    private readonly ending: readonly (() => Promise<void>)[],
  ) {}

  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { name = 'workbench', trusted = true, viewport = { width: 1280, height: 800 } } = options;
    const codeServer = orThrow(await ensureCodeServer());
    const { executable } = orThrow(await ensureChromium());
    const home = await fs.mkdtemp(path.join(await fs.realpath(os.tmpdir()), 'reward-studio-e2e-'));
    const ending: (() => Promise<void>)[] = [() => fs.rm(home, { recursive: true, force: true, maxRetries: 5 })];
    try {
      const folder = await copyWorkspace(home, options);
      const server = await WorkbenchServer.start({
        codeServer,
        home,
        log: path.join(ARTIFACTS, 'logs', `${name}-server.log`),
        vsix: [options.vsix ?? vsixPath(), ...(await packaged(options.others ?? [], home))],
        workspaceTrust: !trusted,
        env: { ...options.env },
        machineSettings: { ...options.machineSettings },
        settings: {
          'workbench.colorTheme': options.theme === 'light' ? 'Default Light Modern' : 'Default Dark Modern',
          'security.workspace.trust.startupPrompt': 'never',
          'editor.wordWrap': 'on',
          // A screenshot shows what is there, not a half-faded hover.
          'workbench.reduceMotion': 'on',
          ...options.settings,
        },
      });
      ending.unshift(() => server.stop());
      const browser = await chromium.launch({ executablePath: executable, args: [...CHROMIUM_ARGUMENTS] });
      ending.unshift(() => browser.close());
      const page = await browser.newPage({ viewport });
      page.setDefaultTimeout(WAIT_MS);
      const foreignHosts = recordForeignHosts(page);
      const containers = await contributedViewContainers(home);
      const workbench = new Workbench(page, folder, server, containers, foreignHosts, ending);
      await recordLogs(page, path.join(ARTIFACTS, 'logs', `${name}-console.log`));
      ending.unshift(() => workbench.screenshot(`failed-${name}-to-open`).then(() => {}));
      await workbench.open();
      ending.shift();
      return workbench;
    } catch (error) {
      await endAll(ending);
      throw error;
    }
  }

  /**
   * Opens a folder (by default the workspace; again, it reloads the window). Waits until the extension's contributions are
   * registered: a file opened earlier would get, and keep, an editor of VS Code's own.
   */
  async open(folder = this.folder): Promise<void> {
    await this.page.goto(`${this.server.url}/?folder=${encodeURIComponent(folder)}`);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: READY_MS });
    for (const title of this.viewContainers) await this.activityBarTab(title).waitFor({ timeout: READY_MS });
  }

  /** The same folder in a browser of its own, as of a second person; `close` ends that browser. */
  async otherWindow(): Promise<Workbench> {
    const context = await this.page.context().browser()!.newContext({ viewport: this.page.viewportSize() });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const hosts = recordForeignHosts(page);
    const other = new Workbench(page, this.folder, this.server, this.viewContainers, hosts, [() => context.close()]);
    await other.open();
    return other;
  }

  /** Runs a command from the palette by its full title, category included. */
  async runCommand(title: string): Promise<void> {
    await showCommand(this.page, title);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Runs a command that asks, and chooses the entry whose label starts with this. An editor that takes the focus back
   * late, after a dialog of before, closes what the command asks: then it is run again.
   */
  async runCommandAndPick(title: string, label: string): Promise<void> {
    await untilShown(this.page, quickPick(this.page, label), () => this.runCommand(title));
    await this.pick(label);
  }

  /** Opens the palette with this command under the cursor: it exists and is enabled. */
  showCommand(title: string): Promise<void> {
    return showCommand(this.page, title);
  }

  /** Chooses, in the quick pick that is open or about to open, the entry whose label starts with this. */
  async pick(label: string): Promise<void> {
    await quickPick(this.page, label).click({ position: AT_ITS_START });
  }

  /** Answers the input box that is open or about to open: the list of a step before is gone then. */
  async enterText(text: string): Promise<void> {
    await this.quickInput.locator('.quick-input-list:visible').waitFor({ state: 'detached' });
    await this.submit(text);
  }

  /** Answers the file dialog that is open or about to open, which writes the path it begins with once it is ready. */
  async enterPath(file: string, begins = /^(\/|[A-Z]:)/i): Promise<void> {
    const input = this.quickInput.locator('input').first();
    await expect.poll(() => input.inputValue(), { timeout: WAIT_MS }).toMatch(begins);
    await this.submit(file);
  }

  /** Answers what asks with a text: a part of the label of an entry, where it lists some. */
  async submit(text: string): Promise<void> {
    await this.quickInput.locator('input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  get quickInput(): Locator {
    return quickInput(this.page);
  }

  /**
   * Opens a file of the workspace from the explorer, folder by folder: `data/pairs.parquet`. Of two files with one name, in
   * folders that are both unfolded, the upper one is taken.
   */
  async openFile(file: string): Promise<void> {
    await this.activityBar('Explorer');
    const name = file.split('/').at(-1)!;
    const deadline = Date.now() + WAIT_MS;
    do {
      await this.openFromExplorer(file);
      await this.editorTab(name).waitFor();
      if (!/\.(parquet|parq|pq)$/.test(name) || (await this.hasDatasetEditor())) return;
      // Custom editors are registered a little after the extension's views: what was opened before has, and keeps, the
      // text editor's placeholder.
      await this.runCommand('View: Close Editor');
    } while (Date.now() < deadline);
    throw new Error(`${file} is not opened by the dataset editor.`);
  }

  private async openFromExplorer(file: string): Promise<void> {
    const parts = file.split('/');
    for (const [depth, part] of parts.entries()) {
      const item = this.sideBar.locator(`[role="treeitem"][aria-level="${depth + 1}"]`, {
        has: this.page.locator('.label-name', { hasText: new RegExp(`^${escapeForRegExp(part)}$`) }),
      });
      await item.first().waitFor();
      if (depth === parts.length - 1) await item.first().dblclick();
      else if ((await item.first().getAttribute('aria-expanded')) !== 'true') await item.first().click();
    }
  }

  private async hasDatasetEditor(): Promise<boolean> {
    const webview = this.page.locator('iframe.webview.ready:visible').first();
    // An empty file is text.
    const own = ['.monaco-editor-pane-placeholder', '.part.editor .monaco-editor'];
    const others = this.page.locator(own.map((editor) => `${editor}:visible`).join(', ')).first();
    await webview.or(others).first().waitFor();
    return webview.isVisible();
  }

  /** The tab of an open editor. */
  editorTab(name: string): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name: startingWith(name) });
  }

  /** Shows a view container in the side bar. */
  async activityBar(name: string): Promise<void> {
    const tab = this.activityBarTab(name);
    // A click on the container that is shown already would hide it.
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
    await this.sideBar.waitFor();
  }

  activityBarTab(name: string): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: startingWith(name) });
  }

  get sideBar(): Locator {
    return this.page.locator('.part.sidebar');
  }

  /** An entry of the tree in the side bar, by a part of its accessible name. */
  treeItem(name: string | RegExp): Locator {
    return this.sideBar.getByRole('treeitem', { name }).first();
  }

  /** Opens the context menu of an entry of the side bar and chooses from it. */
  chooseFromMenu(item: Locator, label: string): Promise<void> {
    return chooseFromMenu(this.page, item, label);
  }

  /** The document inside the webview that is shown (`index`: which, when several are). */
  webview(index = 0): FrameLocator {
    return this.page.locator('iframe.webview.ready:visible').nth(index).contentFrame().frameLocator('#active-frame');
  }

  /** Chooses, of the fixes for what stands at the cursor, the one that says this. */
  async quickFix(label: string): Promise<void> {
    const fix = this.page.locator('.action-widget').getByText(label);
    await untilShown(this.page, fix, () => this.page.keyboard.press('Control+.'));
    await fix.click();
  }

  /** Moves the mouse over a text in the editor; returns the hover that shows. With `expected`, the one that says so. */
  hover(text: string, expected?: string | RegExp): Promise<Locator> {
    return hoverText(this.page, text, expected);
  }

  /** Selects a text in the editor with the mouse. It must lie on one line of the screen. */
  select(text: string): Promise<void> {
    return selectText(this.page, text);
  }

  /** A notification that says this, with its buttons. */
  async notification(text: string | RegExp): Promise<Locator> {
    const notification = this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
    await notification.waitFor();
    return notification;
  }

  /** No notification of before is shown any more. */
  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await expect
      .poll(() => this.page.locator('.notifications-toasts .notification-list-item').count(), { timeout: WAIT_MS })
      .toBe(0);
  }

  /** Hosts other than this machine that the browser asked for anything. */
  get foreignHosts(): Set<string> {
    return this.recordedHosts();
  }

  /** Into artifacts/screenshots. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(ARTIFACTS, 'screenshots', `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  /** Ends the browser, the server and all that either started, and removes their files. */
  close(): Promise<void> {
    return endAll(this.ending);
  }
}

/** @returns paths of their packages, in `folder` */
function packaged(extensions: readonly string[], folder: string): Promise<string[]> {
  return Promise.all(
    extensions.map(async (cwd) => {
      const packagePath = path.join(folder, `${path.basename(cwd)}.vsix`);
      await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: true });
      return packagePath;
    }),
  );
}

async function endAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps) await step();
}

export function orThrow<T extends object>(environment: T | { readonly missing: string }): T {
  if ('missing' in environment) throw new Error(environment.missing);
  return environment as T;
}
