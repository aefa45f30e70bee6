// Kate with the configuration that we give, on a screen of its own: node test.mjs CONFIGURATION PROGRAM. Writes one line a check: STATUS<tab>NAME.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { exitCode, Playground, run } from '../checks.mjs';
import { until } from '../terminal.mjs';

const [configuration, program] = process.argv.slice(2);
const begun = 'public int First => ';

class Kate {
  static async open() {
    const kate = new Kate();
    kate.playground = new Playground();
    kate.playground.write('config/katerc', '[Kate Plugins]\nlspclientplugin=true\n[KTextEditor Document]\nRemove Spaces=0\n');
    kate.playground.write('config/kate/lspclient/settings.json', readFileSync(configuration, 'utf8').replace('"gptoss-codeassist"', `"${program}"`));
    // The server of the screen says on its third channel which number it took.
    kate.screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    kate.display = `:${await new Promise((resolve) => kate.screen.stdio[3].once('data', (text) => resolve(String(text).trim())))}`;
    kate.environment = { ...process.env, ...kate.playground.environment, DISPLAY: kate.display, QT_LOGGING_RULES: 'katelspclientplugin=true', QT_FORCE_STDERR_LOGGING: '1' };
    kate.said = '';
    kate.editor = spawn('dbus-run-session', ['kate', '-n', kate.playground.file], { env: kate.environment, cwd: kate.playground.folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    kate.editor.stderr.on('data', (text) => (kate.said += text));
    kate.window = await kate.see('the file is open', () => kate.windows('Basket.cs')[0]);
    return kate;
  }

  see(what, ask) {
    return until(what, ask, () => this.report());
  }

  /** The windows whose title holds a text. */
  windows(title) {
    try {
      return this.xdotool('search', '--onlyvisible', '--name', title).split('\n').filter((id) => id !== '');
    } catch {
      // It fails where there is none.
      return [];
    }
  }

  keys(window, ...names) {
    this.xdotool('windowfocus', '--sync', window);
    this.xdotool('key', '--delay', '60', ...names);
  }

  type(text) {
    this.xdotool('type', '--delay', '40', text);
  }

  xdotool(...args) {
    return execFileSync('xdotool', args, { env: this.environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  }

  /** The text of the playground's file, by way of the disk. */
  saved() {
    this.keys(this.window, 'ctrl+s');
    return readFileSync(this.playground.file, 'utf8');
  }

  report() {
    return `${this.windows('.').map((id) => this.xdotool('getwindowname', id)).join('')}${this.said.slice(-4000)}`;
  }

  async close() {
    const ended = [this.editor, this.screen].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    // The session with all that is in it: it does not pass the signal on.
    process.kill(-this.editor.pid, 'SIGKILL');
    this.screen.kill();
    await Promise.all(ended);
    this.playground.remove();
  }
}

await run('', await Kate.open(), {
  'it takes the configuration, and starts the server when it may': async (kate) => {
    const [question] = await kate.see('the question', () => kate.windows('LSP server start requested').length > 0 && kate.windows('LSP server start requested'));
    kate.keys(question, 'alt+y');
    await kate.see('it is answered', () => kate.windows('LSP server start requested').length === 0);
  },
  'a person who asks gets the completion in the menu, and takes it': async (kate) => {
    kate.keys(kate.window, 'ctrl+g');
    kate.type('9');
    kate.xdotool('key', '--delay', '60', 'Return', 'End', 'Return');
    kate.type(begun);
    // The menu is a window beside the root and the editor, and what an entry of ours holds is one more. On a busy machine an answer can come to nothing for want of time.
    await kate.see('the text is in the file', async () => {
      kate.keys(kate.window, 'ctrl+space');
      if (!await until('the menu', () => kate.windows('').length > 3, undefined, 10_000).catch(() => false)) {
        return false;
      }

      kate.xdotool('key', 'Return');
      return until('the text', () => /First => \w+/.test(kate.saved()), undefined, 5_000).catch(() => false);
    });
  },
});
process.exitCode = exitCode();
