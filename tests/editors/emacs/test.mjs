// Emacs with eglot and with lsp-mode: node test.mjs TREE CONFIGURATION PROGRAM SCRIPTED-PROGRAM. Writes one line a check: STATUS<tab>NAME.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answered, changed, exitCode, needing, Playground, run, spare, withMember } from '../checks.mjs';
import { Terminal, until } from '../terminal.mjs';

const [tree, configuration, program, scripted] = process.argv.slice(2);
const share = join(tree, 'usr', 'share', 'emacs');
const version = readdirSync(share).find((name) => /^\d/.test(name));
const packages = join(share, 'site-lisp', 'elpa-src');
const machine = join(tree, 'usr', 'libexec', 'emacs', version, 'x86_64-linux-gnu');
const dump = join(machine, readdirSync(machine).find((name) => name.endsWith('.pdmp')));
const begun = 'public int First => ';

class Emacs {
  /** @param client Lisp that starts a language client in C# files. */
  static async open(server, client) {
    const playground = new Playground();
    const init = playground.write('init.el', `
(setq native-comp-enable-subr-trampolines nil native-comp-jit-compilation nil) ; the compiler's parts are not all here
(setq inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil ring-bell-function 'ignore)
(dolist (folder (directory-files "${packages}" t "^[^.]")) (add-to-list 'load-path folder))
(dolist (file (file-expand-wildcards "${packages}/*/*-autoloads.el")) (load file nil t))
(setq gptoss-command '("${server}" "serve"))
(load "${configuration}" nil t)
(require 'server)
(setq server-socket-dir "${playground.root}" server-name "socket")
(server-start)
${client}
(find-file "${playground.file}")
`);
    const emacs = new Emacs();
    emacs.playground = playground;
    emacs.environment = { ...playground.environment, EMACSLOADPATH: join(share, version, 'lisp'), EMACSDATA: join(share, version, 'etc'), EMACSDOC: join(share, version, 'etc') };
    emacs.terminal = Terminal.open({
      command: [join(tree, 'usr', 'bin', 'emacs-nox'), '--dump-file', dump, '-nw', '-Q', '-l', init],
      cwd: playground.folder,
      environment: emacs.environment,
      columns: 140,
    });
    await emacs.see('the file is open', () => existsSync(join(playground.root, 'socket')) && emacs.screen().includes('public class Basket'));
    // Eglot connects after the first command.
    emacs.terminal.keys('C-e');
    return emacs;
  }

  see(what, ask) {
    return until(what, ask, () => this.report());
  }

  screen() {
    return this.terminal.screen();
  }

  /** What Lisp prints of a value. */
  lisp(expression) {
    return execFileSync(join(tree, 'usr', 'bin', 'emacsclient.emacs'), ['-s', join(this.playground.root, 'socket'), '--eval', expression], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 }).trim();
  }

  /** The text of the playground's file in the editor. */
  text() {
    return JSON.parse(this.lisp(`(with-current-buffer "Basket.cs" (substring-no-properties (buffer-string)))`));
  }

  command(name) {
    this.terminal.keys('Escape', 'x');
    this.terminal.type(name);
    this.terminal.keys('Enter');
  }

  /** The file as it was, the caret at the end of a line. */
  async begin(line) {
    this.terminal.keys('C-g', 'C-g');
    this.lisp(`(with-current-buffer "Basket.cs" (revert-buffer t t t) (switch-to-buffer "Basket.cs") (delete-other-windows) (goto-char (point-min)) (search-forward "${line}") (end-of-line))`);
    await this.see('the caret is there', () => this.lisp('(with-current-buffer (window-buffer) (thing-at-point \'line t))').includes(line));
  }

  report() {
    let log = '';
    try {
      log = this.lisp('(mapconcat (lambda (name) (if (get-buffer name) (with-current-buffer name (buffer-substring-no-properties (max (point-min) (- (point-max) 2500)) (point-max))) "")) (list "*Messages*" "*gptoss::stderr*" "*lsp-log*") "\\n---\\n")').replaceAll('\\n', '\n');
    } catch {
      // Emacs is busy or gone; the screen has to do.
    }

    return `${this.screen()}\n--- the messages\n${log}`;
  }

  async close() {
    this.terminal.close();
    this.playground.remove();
  }
}

/** What both clients do with a model that chats. */
const conversation = (actions) => ({
  'a question is answered in a document': async (emacs) => {
    await emacs.begin('public int Total');
    emacs.command('gptoss-chat');
    emacs.terminal.type('Why is it slow?');
    emacs.terminal.keys('Enter');
    await emacs.see('the answer', () => emacs.screen().includes(answered));
  },
  'a code action changes the file': async (emacs) => {
    await emacs.begin('public int Total');
    emacs.command(actions);
    await emacs.see('the menu', () => /Pick an action|Select code action|Select action/i.test(emacs.screen()));
    emacs.terminal.type('Simplify');
    emacs.terminal.keys('Tab', 'Enter');
    await confirmed(emacs);
  },
  'a member is changed as said': async (emacs) => {
    await emacs.begin('public int Total');
    emacs.command('gptoss-edit');
    emacs.terminal.type('make it shorter');
    emacs.terminal.keys('Enter');
    await confirmed(emacs);
  },
});

/** The change is in the file; what asks before it is made hears a yes. */
async function confirmed(emacs) {
  await emacs.see('the file was changed', () => {
    if (/\(y or n\)|\(y, n/.test(emacs.screen())) {
      emacs.terminal.type('y');
    }

    return emacs.text().includes(changed);
  });
}

/** What a completion needs is imported with it, and taken back with it. */
const imports = (take) => ({
  'what a completion needs is imported with it': async (emacs) => {
    await emacs.begin('public int Count => _prices.Length;');
    emacs.terminal.keys('Enter');
    emacs.terminal.type(spare.trimStart());
    await emacs.see('it is typed', () => emacs.text() === withMember(spare));
    await take(emacs);
    await emacs.see('it is there, and what it needs is imported', () => emacs.text() === withMember(`${spare}${needing}`, true));
    const caret = emacs.lisp('(with-current-buffer "Basket.cs" (buffer-substring-no-properties (line-beginning-position) (point)))');
    if (caret !== JSON.stringify(`${spare}${needing}`)) {
      throw new Error(`The caret is behind ${caret}.`);
    }
  },
  'undoing takes back both': async (emacs) => {
    await emacs.see('it is taken back', () => emacs.text() === withMember(spare) || (emacs.command('undo'), false));
  },
});

const eglot = "(require 'eglot) (add-hook 'csharp-mode-hook #'eglot-ensure)";
const connected = (emacs) => emacs.see('eglot is connected', () => emacs.lisp('(with-current-buffer "Basket.cs" (and (eglot-current-server) t))') === 't');
await run('eglot: ', await Emacs.open(program, eglot), {
  'a person who asks gets the completion': async (emacs) => {
    await connected(emacs);
    await emacs.begin('public int Count => _prices.Length;');
    emacs.terminal.keys('Enter');
    emacs.terminal.type(begun);
    await emacs.see('the text is in the file', () => {
      if (/First => \w+/.test(emacs.text())) {
        return true;
      }

      emacs.terminal.keys('Escape', 'Tab');
      return false;
    });
  },
});
const asked = (emacs) => emacs.see('the completion', () => emacs.text() !== withMember(spare) || (emacs.terminal.keys('Escape', 'Tab'), false));
await run('eglot: ', await Emacs.open(scripted, eglot), { 'the server is there': connected, ...imports(asked), ...conversation('eglot-code-actions') });

const lsp = `
(setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil lsp-inline-completion-idle-delay 0.2 lsp-session-file (expand-file-name "session" "~"))
(require 'lsp-mode)
(require 'lsp-inline-completion)
(keymap-set lsp-inline-completion-active-map "M-l" #'lsp-inline-completion-accept)
(add-hook 'csharp-mode-hook #'lsp)
(add-hook 'lsp-managed-mode-hook #'lsp-inline-completion-mode)`;
const managed = (emacs) => emacs.see('lsp-mode is connected', () => emacs.lisp('(with-current-buffer "Basket.cs" (and lsp--buffer-workspaces (eq \'initialized (lsp--workspace-status (car lsp--buffer-workspaces))) t))') === 't');
await run('lsp-mode: ', await Emacs.open(program, lsp), {
  'ghost text appears while somebody types, and is taken': async (emacs) => {
    await managed(emacs);
    await emacs.begin('public int Count => _prices.Length;');
    emacs.terminal.keys('Enter');
    emacs.terminal.type(begun);
    await emacs.see('ghost text', () => /First => \w+/.test(emacs.screen()) && !/First => \w+/.test(emacs.text()));
    emacs.terminal.keys('M-l');
    await emacs.see('the text is in the file', () => /First => \w+/.test(emacs.text()));
  },
});
const offered = async (emacs) => {
  await emacs.see('ghost text', () => emacs.screen().includes(`${spare}${needing}`));
  emacs.terminal.keys('M-l');
};
await run('lsp-mode: ', await Emacs.open(scripted, lsp), { 'the server is there': managed, ...imports(offered), ...conversation('lsp-execute-code-action') });
process.exitCode = exitCode();
