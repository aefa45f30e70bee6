// A terminal with a program in it, that checks can type into and look at: tmux, with a socket of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const patience = 90_000;

export class Terminal {
  /** Starts a command in a folder. */
  static open({ command, cwd, environment = {}, columns = 120, rows = 40 }) {
    const folder = mkdtempSync(join(tmpdir(), 'gptoss-terminal-'));
    const terminal = new Terminal(folder);
    const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    terminal.tmux('-f', '/dev/null', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', cwd, ...variables, command.map(quoted).join(' '));
    // A lone Escape is an Escape at once.
    terminal.tmux('set-option', '-s', 'escape-time', '0');
    return terminal;
  }

  constructor(folder) {
    this.folder = folder;
  }

  /** Keys by tmux' names: `Enter`, `M-w`, `C-x`, `Escape`. */
  keys(...names) {
    this.tmux('send-keys', ...names);
  }

  type(text) {
    // A semicolon at the end would end the command of tmux'.
    this.tmux('send-keys', '-l', text.replace(/;$/, '\\;'));
  }

  /** What stands on the screen, a line each, with spaces at the ends. */
  screen() {
    return this.tmux('capture-pane', '-p', '-N');
  }

  close() {
    try {
      this.tmux('kill-server');
    } catch {
      // The program has ended by itself.
    }

    rmSync(this.folder, { recursive: true, force: true });
  }

  tmux(...args) {
    return execFileSync('tmux', ['-S', join(this.folder, 'socket'), ...args], { encoding: 'utf8', env: { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}

/** Asks until the answer is yes, and returns it; says what was there where it never is. */
export async function until(what, ask, show = () => '', milliseconds = patience) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer;
    }

    if (Date.now() > end) {
      throw new Error(`Never: ${what}\n${show()}`);
    }

    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

function quoted(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
