// Helix with the configuration that we give: node test.mjs TREE CONFIGURATION PROGRAM SCRIPTED-PROGRAM. Writes one line a check: STATUS<tab>NAME.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answered, changed, exitCode, needing, Playground, run, source, spare, withMember } from '../checks.mjs';
import { Terminal, until } from '../terminal.mjs';

const [tree, configuration, program, scripted] = process.argv.slice(2);

class Helix {
  static async open(server) {
    const playground = new Playground();
    playground.write('config/helix/languages.toml', readFileSync(configuration, 'utf8').replace('"gptoss-codeassist"', `"${server}"`));
    const helix = new Helix();
    helix.playground = playground;
    helix.terminal = Terminal.open({
      command: [join(tree, 'usr', 'lib', 'hx', 'hx'), '-vv', '--log', join(playground.root, 'helix.log'), 'Basket.cs'],
      cwd: playground.folder,
      environment: { ...playground.environment, HELIX_RUNTIME: join(tree, 'usr', 'lib', 'hx', 'runtime') },
    });
    await helix.see('the file is open', () => helix.screen().includes('public class Basket'));
    return helix;
  }

  see(what, ask) {
    return until(what, ask, () => this.report());
  }

  screen() {
    return this.terminal.screen();
  }

  /** Runs a command of the command line's. */
  command(text) {
    this.terminal.keys('Escape');
    this.terminal.type(`:${text}`);
    this.terminal.keys('Enter');
  }

  /** Puts the caret into a line; the keys of the first moment may be lost. */
  goTo(line) {
    return this.see(`the caret is in line ${line}`, () => new RegExp(` ${line}:\\d+ *$`, 'm').test(this.screen()) || (this.command(`${line}`), false));
  }

  /** The file as it is in the editor, by way of the disk. */
  saved() {
    this.command('w!');
    // Helix writes another file and puts it in the place of the first.
    try {
      return readFileSync(this.playground.file, 'utf8');
    } catch {
      return '';
    }
  }

  report() {
    const log = join(this.playground.root, 'helix.log');
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter((line) => /transport/.test(line) && !/didSave|didChangeWatchedFiles/.test(line)).slice(-25).map((line) => line.slice(0, 400)).join('\n') : '';
    return `${this.screen().trimEnd()}\n--- the log\n${lines}`;
  }

  async close() {
    this.terminal.close();
    this.playground.remove();
  }
}

await run('', await Helix.open(program), {
  'a person who asks gets the completion in the menu, and takes it': async (helix) => {
    await helix.goTo(9);
    helix.terminal.type('o');
    helix.terminal.type('public int ');
    await helix.see('the menu', () => {
      if (/=> .* snippet/.test(helix.screen())) {
        return true;
      }

      helix.terminal.keys('C-x');
      return false;
    });
    helix.terminal.keys('C-n', 'Enter', 'Escape');
    await helix.see('the text is in the file', () => /public int \w+/.test(helix.saved().split('\n')[9] ?? ''));
  },
});

const full = `${spare}${needing}`;
await run('', await Helix.open(scripted), {
  'what a completion needs is imported with it': async (helix) => {
    await helix.goTo(9);
    helix.terminal.type('o');
    helix.terminal.type(spare.trimStart());
    await helix.see('the menu', () => {
      if (helix.screen().includes('snippet')) {
        return true;
      }

      helix.terminal.keys('C-x');
      return false;
    });
    helix.terminal.keys('C-n', 'Enter');
    await helix.see('the caret is behind it', () => helix.screen().includes(`11:${full.length + 1} `));
    helix.terminal.keys('Escape');
    await helix.see('it is there, and what it needs is imported', () => helix.saved() === withMember(full, true));
  },
  'undoing takes back both': async (helix) => {
    helix.terminal.type('u');
    await helix.see('it is taken back', () => helix.saved() === withMember(spare));
    helix.terminal.type('u');
    await helix.see('the file is as it was', () => helix.saved() === source);
  },
  'a code action changes the file': async (helix) => {
    await helix.goTo(11);
    helix.terminal.type('gl');
    const menu = await helix.see('the menu', async () => {
      helix.terminal.type(' a');
      const screen = await until('a menu', () => helix.screen().includes('Simplify') && helix.screen(), undefined, 10_000).catch(() => undefined);
      return screen ?? (helix.terminal.keys('Escape'), undefined);
    });
    // The titles stand below one another, from the column on in which ours begins; the first is chosen already.
    const rows = menu.split('\n');
    const row = rows.findIndex((line) => line.includes('Simplify'));
    const column = rows[row].indexOf('Simplify');
    let first = row;
    while (/^ \p{Lu}/u.test(rows[first - 1]?.slice(column - 1) ?? '')) {
      first--;
    }

    helix.terminal.keys(...Array(row - first).fill('C-n'), 'Enter');
    await helix.see('the file was changed', () => helix.saved().includes(changed));
  },
  'a question is answered in a document': async (helix) => {
    helix.command('lsp-workspace-command gptOss.chat "Why is it slow?"');
    await helix.see('the answer', () => helix.screen().includes(answered));
  },
});
process.exitCode = exitCode();
