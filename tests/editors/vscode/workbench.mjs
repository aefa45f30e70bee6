// The workbench of Visual Studio Code with our extension in it, and a browser that looks at it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const patience = 20_000;

export class Workbench {
  /** Starts server and browser with the extension installed and a folder of files open. */
  static async open({ cache, chromium, vsix, settings, files, environment = {} }) {
    const root = mkdtempSync(join(tmpdir(), 'gptoss-vscode-'));
    const folder = join(root, 'project');
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }

    const data = join(root, 'data');
    mkdirSync(join(data, 'data', 'Machine'), { recursive: true });
    writeFileSync(join(data, 'data', 'Machine', 'settings.json'), JSON.stringify({ 'security.workspace.trust.enabled': false, 'telemetry.telemetryLevel': 'off', 'workbench.enableExperiments': false, 'editor.accessibilitySupport': 'off', 'workbench.startupEditor': 'none', ...settings }));
    const main = join(cache, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');
    const common = ['--server-data-dir', data, '--accept-server-license-terms', '--telemetry-level', 'off'];
    const env = { ...process.env, ...environment };
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
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(patience);
    await page.goto(`http://127.0.0.1:${port}/?folder=${folder}`);
    // The walkthrough of the first start; what is opened before it would end up behind it.
    await page.getByText('Get started with gpt-oss').first().waitFor();
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
    // A key that comes while the workbench still puts itself together is lost.
    for (let tries = 0; !await input.isVisible() && tries < 40; tries++) {
      await this.page.keyboard.press(key);
      await input.waitFor({ timeout: 1000 }).catch(() => undefined);
    }

    await input.fill(text);
    if (row !== undefined) {
      await this.page.locator('.quick-input-list .monaco-list-row[data-index="0"]', { hasText: row }).waitFor();
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

  status() {
    return this.page.locator('.statusbar-item', { hasText: 'gpt-oss' });
  }

  /** The chat's own page, two frames down. */
  chat() {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe');
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
