// The workbench of Visual Studio Code with our extension in it, and a browser that looks at it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Milliseconds that a condition may take on a busy machine. */
export const patience = 60_000;

/** Nothing that moves or asks by itself. */
const quiet = {
  'security.workspace.trust.enabled': false, 'telemetry.telemetryLevel': 'off', 'workbench.enableExperiments': false, 'editor.accessibilitySupport': 'off',
  'workbench.startupEditor': 'none', 'files.autoSave': 'off', 'editor.minimap.enabled': false, 'chat.commandCenter.enabled': false,
};

export class Workbench {
  /** Starts server and browser with the extension installed and a folder of files open. */
  static async open({ cache, chromium, vsix, settings, files, environment = {} }) {
    const root = mkdtempSync(join(tmpdir(), 'gptoss-vscode-'));
    const folder = join(root, 'project');
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }

    const data = join(root, 'vscode');
    mkdirSync(join(data, 'data', 'Machine'), { recursive: true });
    writeFileSync(join(data, 'data', 'Machine', 'settings.json'), JSON.stringify({ ...quiet, ...settings }));
    // Nothing of the person's own is read or written.
    const homes = Object.fromEntries(['CONFIG', 'DATA', 'STATE', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, join(root, kind.toLowerCase())]));
    Object.values(homes).forEach((home) => mkdirSync(home));
    // As if started from a command line: else the workbench takes the variables of a login shell.
    const env = { ...process.env, ...homes, VSCODE_CLI: '1', ...environment };
    const main = join(cache, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');
    const common = ['--server-data-dir', data, '--accept-server-license-terms', '--telemetry-level', 'off'];
    const installed = spawnSync(process.execPath, [main, ...common, '--install-extension', vsix], { env, encoding: 'utf8' });
    if (installed.status !== 0) {
      throw new Error(`The extension could not be installed: ${installed.stdout}${installed.stderr}`);
    }

    const port = await freePort();
    const server = spawn(process.execPath, [main, ...common, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--disable-workspace-trust'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise((resolve, reject) => {
      let said = '';
      server.on('exit', (code) => reject(new Error(`The workbench's server ended with ${code}: ${said}`)));
      const hear = (chunk) => {
        said += chunk;
        if (said.includes('Extension host agent started')) {
          resolve();
        }
      };
      server.stdout.on('data', hear);
      server.stderr.on('data', hear);
    });
    const playwright = createRequire(join(cache, 'package.json'))('playwright-core');
    const browser = await playwright.chromium.launch({ executablePath: chromium, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: process.env.GPTOSS_SHOTS ? 2 : 1, permissions: ['clipboard-read', 'clipboard-write'] });
    page.setDefaultTimeout(patience);
    await page.goto(`http://127.0.0.1:${port}/?folder=${folder}`);
    // The walkthrough of the first start; what is opened before it would end up behind it.
    await page.getByText('Get started with gpt-oss').first().waitFor();
    await page.locator('.statusbar-item', { hasText: 'gpt-oss' }).waitFor();
    return new Workbench({ root, folder, data, server, browser, page });
  }

  constructor(parts) {
    Object.assign(this, parts);
  }

  async openFile(name) {
    await this.pick('Control+P', name, name);
    await this.page.locator('.tab.active', { hasText: name.split('/').pop() }).waitFor();
    await this.page.locator('.monaco-editor[data-uri$="' + name + '"] .view-line').first().waitFor();
  }

  async run(command) {
    await this.pick('F1', `>${command}`, command);
  }

  /** Opens a quick input by a key, types, and takes the first row once it is the wanted one. */
  async pick(key, text, row) {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    const first = this.page.locator('.quick-input-list .monaco-list-row[data-index="0"]', { hasText: row });
    const isReady = async () => await input.isVisible()
      && await input.fill(text, { timeout: 1000 }).then(() => true, () => false)
      && (row === undefined || await first.waitFor({ timeout: 5000 }).then(() => true, () => false));
    // A key that comes while the workbench still puts itself together is lost, or the input goes away again.
    for (let tries = 0; !await isReady(); tries++) {
      if (tries === 40) {
        throw new Error(`Never after ${key}: ${row ?? 'an input'}`);
      }

      await this.page.keyboard.press(key);
      await input.waitFor({ timeout: 1000 }).catch(() => undefined);
    }

    await this.page.keyboard.press('Enter');
    // What was chosen may ask in an input of its own.
    await this.page.waitForFunction((typed) => {
      const open = document.querySelector('.quick-input-widget input.input');
      return open === null || open.offsetParent === null || open.value !== typed;
    }, text);
  }

  /** Puts the caret behind a piece of text that the open file holds once. */
  async caretAfter(text) {
    const content = readFileSync(join(this.folder, await this.activeFile()), 'utf8');
    const before = content.slice(0, content.indexOf(text) + text.length).split('\n');
    await this.pick('Control+G', `:${before.length},${before.at(-1).length + 1}`);
  }

  async activeFile() {
    return (await this.page.locator('.tab.active').getAttribute('data-resource-name')) ?? '';
  }

  /** Waits until the item at the bottom says something, as a screen reader hears it. */
  async statusSays(text) {
    await this.page.locator(`.statusbar-item:has-text("gpt-oss") [aria-label*="${text}"], .statusbar-item[aria-label*="${text}"]`).first().waitFor();
  }

  /** Waits until a question is answered with yes; says what was never so where it is not. */
  async until(what, ask) {
    const end = Date.now() + patience;
    while (!await ask()) {
      if (Date.now() > end) {
        throw new Error(`Never: ${what}`);
      }

      await this.page.waitForTimeout(100);
    }
  }

  /** What is in the editor of a file, without the ghost text. */
  async text(name) {
    const lines = await this.page.locator(`.monaco-editor[data-uri$="${name}"] .view-lines`).last().evaluate((shown) => {
      const copy = shown.cloneNode(true);
      copy.querySelectorAll('[class*="ghost-text"]').forEach((node) => node.remove());
      return [...copy.children].map((line) => ({ top: parseInt(line.style.top, 10), text: line.textContent })).sort((a, b) => a.top - b.top).map((line) => line.text).join('\n');
    });
    return lines.replaceAll('\u00a0', ' ');
  }

  /** Where the caret is, as the workbench tells it at the bottom. */
  async caret() {
    return (await this.page.locator('.statusbar-item a', { hasText: /^Ln \d+, Col \d+$/ }).innerText()).trim();
  }

  /** Notes from here on each line in which there is ghost text. */
  watchGhosts() {
    return this.page.evaluate(() => {
      window.ghosts?.disconnect();
      window.ghostLines = [];
      window.ghosts = new MutationObserver(() => document.querySelectorAll('.ghost-text-decoration').forEach((node) => window.ghostLines.push(node.closest('.view-line')?.textContent.replaceAll('\u00a0', ' ').trim())));
      window.ghosts.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  }

  ghostLines() {
    return this.page.evaluate(() => [...new Set(window.ghostLines)]);
  }

  ghost() {
    return this.page.locator('.ghost-text-decoration, .ghost-text').first();
  }

  /** Types and, as a person would, types the end again where nothing was offered: a busy machine may have been too slow to be shown. */
  async typeForGhost(text) {
    await this.page.keyboard.type(text, { delay: 30 });
    await this.until('ghost text', async () => {
      if (await this.ghost().waitFor({ timeout: 5000 }).then(() => true, () => false)) {
        return true;
      }

      await this.page.keyboard.press('Backspace');
      await this.page.keyboard.type(text.at(-1));
      return false;
    });
  }

  /** Takes a choice in whatever list is open. */
  async choose(text) {
    const row = this.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  /** A button of a notification. */
  async notice(text, button) {
    const notice = this.page.locator('.notification-list-item', { hasText: text }).first();
    await notice.waitFor();
    await (button === 'Cancel' ? notice.locator('.monaco-button', { hasText: 'Cancel' }) : notice.locator('.monaco-button', { hasText: button })).first().click();
  }

  /** Changes a setting of the machine, which the workbench watches. */
  set(settings) {
    const file = join(this.data, 'data', 'Machine', 'settings.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...settings }));
  }

  /** The chat's own page, two frames down. */
  chat() {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe');
  }

  async ask(question) {
    await this.chat().locator('#question').fill(question);
    await this.chat().locator('#question').press('Enter');
  }

  /** Has the member around a text changed, up to the comparison. */
  async change(at, message) {
    await this.openFile('Basket.cs');
    await this.caretAfter(at);
    await this.run('gpt-oss: Change the Selection');
    await this.page.locator('.quick-input-widget:visible input.input').fill(message);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.monaco-diff-editor').waitFor();
  }

  /** Takes an action of the light bulb behind a text. */
  async bulb(at, action) {
    await this.openFile('Basket.cs');
    await this.caretAfter(at);
    await this.page.keyboard.press('Control+.');
    const focused = this.page.locator('.action-widget .monaco-list-row.focused');
    await focused.waitFor();
    await this.until(`the action ${action}`, async () => {
      const isFocused = (await focused.innerText()).includes(action);
      await this.page.keyboard.press(isFocused ? 'Enter' : 'ArrowDown');
      return isFocused;
    });
  }

  /** The contrast between words and what is behind them, for the first of each kind. */
  contrasts(...selectors) {
    return Promise.all(selectors.map((selector) => this.chat().locator(selector).first().evaluate((node) => {
      const channels = (color) => (/rgba?\(([^)]*)\)/.exec(color)?.[1] ?? '0,0,0,0').split(',').map(Number);
      const over = ([r, g, b, a = 1], behind) => [r, g, b].map((channel, index) => channel * a + behind[index] * (1 - a));
      // The page is see-through; the side bar is behind it.
      const base = document.createElement('i');
      base.style.backgroundColor = 'var(--vscode-sideBar-background)';
      document.body.append(base);
      const sideBar = channels(getComputedStyle(base).backgroundColor).slice(0, 3);
      base.remove();
      const behind = (element) => element === null ? sideBar : over(channels(getComputedStyle(element).backgroundColor), behind(element.parentElement));
      const luminance = (color) => color.map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
      const back = behind(node);
      const [dark, light] = [luminance(back), luminance(over(channels(getComputedStyle(node).color), back))].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    })));
  }

  /** Waits until a text stands in one of the pages inside the page. */
  async inSomeFrame(text) {
    await this.until(`a page with ${text}`, async () => {
      const found = await Promise.all(this.page.frames().map((frame) => frame.getByText(text).first().isVisible().catch(() => false)));
      return found.includes(true);
    });
  }

  /** The processes of the server that this workbench runs, with the settings that they were given. */
  async servers() {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
      try {
        const [program, verb] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const variables = verb === 'serve' ? readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0') : [];
        const settings = variables.find((variable) => variable.startsWith('GPTOSS_EDITOR_SETTINGS='))?.slice('GPTOSS_EDITOR_SETTINGS='.length);
        return variables.includes(`XDG_DATA_HOME=${join(this.root, 'data')}`) ? [{ pid: Number(pid), program, settings: JSON.parse(settings ?? '{}') }] : [];
      } catch {
        // It has ended, or is somebody else's.
        return [];
      }
    });
  }

  /** What our extension wrote to its log. */
  log() {
    const found = [];
    const walk = (folder) => readdirSync(folder, { withFileTypes: true }).forEach((entry) => entry.isDirectory() ? walk(join(folder, entry.name)) : /gpt-oss|remoteexthost/.test(entry.name) && found.push(join(folder, entry.name)));
    const logs = join(this.data, 'data', 'logs');
    if (existsSync(logs)) {
      walk(logs);
    }

    return found.map((file) => `--- ${file}\n${readFileSync(file, 'utf8').slice(-4000)}`).join('\n');
  }

  async close() {
    await this.browser.close();
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill('SIGTERM');
    await ended;
    rmSync(this.root, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
