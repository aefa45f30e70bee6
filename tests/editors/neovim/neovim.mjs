// Neovim in a terminal with our plug-in, and a socket by which checks ask it what it knows.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Playground } from '../checks.mjs';
import { Terminal, until } from '../terminal.mjs';

export class Neovim {
  /**
   * Opens the playground's file.
   * @param start Lua that sets the plug-in up.
   * @param before Lua that runs before the plug-in is found.
   * @param isPackage Whether the plug-in lies in a package on the packpath, as without a plug-in manager, and the program on the PATH.
   */
  static async open({ tree, plugin, program, start, before = '', isPackage = false }) {
    const playground = new Playground();
    const [pack, bin] = ['site/pack/gptoss/start', 'bin'].map((name) => join(playground.root, name));
    [pack, bin].forEach((folder) => mkdirSync(folder, { recursive: true }));
    cpSync(plugin, join(pack, 'gptoss'), { recursive: true, filter: (path) => path !== join(plugin, 'check') });
    symlinkSync(program, join(bin, 'gptoss-codeassist'));
    const init = playground.write('init.lua', `
vim.o.swapfile = false
vim.o.shortmess = vim.o.shortmess .. 'I'
${before}
${isPackage ? `vim.opt.packpath:prepend('${join(playground.root, 'site')}') vim.env.PATH = '${bin}:' .. vim.env.PATH` : `vim.opt.runtimepath:prepend('${plugin}')`}
${start}
`);
    const editor = new Neovim(playground, join(tree, 'usr', 'bin', 'nvim'), join(tree, 'usr', 'share', 'nvim', 'runtime'));
    editor.terminal = Terminal.open({
      command: [editor.program, '-u', init, '--listen', editor.socket, playground.file],
      cwd: playground.folder,
      environment: { ...playground.environment, VIMRUNTIME: editor.runtime },
      // What Neovim says of a server that died fits into one line.
      columns: 180,
    });
    await until('Neovim answers', () => existsSync(editor.socket) && editor.hasEntered(), () => editor.report());
    return editor;
  }

  constructor(playground, program, runtime) {
    Object.assign(this, { playground, program, runtime, socket: join(playground.root, 'nvim.sock') });
  }

  /** What is told at the start may take more than the message line, and then waits for a key, before which Neovim answers nothing. */
  hasEntered() {
    if (this.screen().includes('Press ENTER')) {
      this.keys('Enter');
    }

    try {
      return this.lua('vim.v.vim_did_enter', 3_000) === 1;
    } catch {
      return false;
    }
  }

  /** The value of a Lua expression. */
  lua(expression, patience = 20_000) {
    const text = execFileSync(this.program, ['--server', this.socket, '--remote-expr', `luaeval('vim.json.encode({ ${expression.replaceAll("'", "''")} })')`], {
      encoding: 'utf8',
      env: { ...process.env, ...this.playground.environment, VIMRUNTIME: this.runtime },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience,
    });
    return JSON.parse(text)[0];
  }

  keys(...names) {
    this.terminal.keys(...names);
  }

  type(text) {
    this.terminal.type(text);
  }

  screen() {
    return this.terminal.screen();
  }

  /** Runs a command of the command line's. */
  command(text) {
    this.keys('Escape');
    this.type(`:${text}`);
    this.keys('Enter');
  }

  /** The text of the playground's file in the editor. */
  text() {
    return this.lua(`table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr('${this.playground.file}'), 0, -1, false), '\\n')`);
  }

  /** Normal mode, the file as it was, the caret at the end of a line that the file holds. */
  async begin(line) {
    this.keys('Escape', 'Escape');
    await until('normal mode', () => this.lua("vim.api.nvim_get_mode().mode") === 'n', () => this.report());
    this.command('silent edit!');
    this.command(`call search('\\V${line}') | normal! $`);
    await until(`the caret is in the line ${line}`, () => this.lua('vim.api.nvim_get_current_line()').includes(line), () => this.report());
  }

  /** The ghost text on the screen, without what counts the suggestions; empty for none. */
  ghost() {
    return this.lua(`(function()
      local text = {}
      for _, name in ipairs({ 'nvim.lsp.inline_completion', 'gptoss.ghost' }) do
        for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace(name), 0, -1, { details = true })) do
          for _, line in ipairs(vim.list_extend({ mark[4].virt_text }, mark[4].virt_lines or {})) do
            table.insert(text, line[1][1])
          end
        end
      end
      return table.concat(text, '\\n')
    end)()`.replace(/\s*\n\s*/g, ' '));
  }

  messages() {
    return this.lua("vim.fn.execute('messages')");
  }

  /** What Neovim and the server wrote into the log. */
  log() {
    const file = join(this.playground.environment.XDG_STATE_HOME, 'nvim', 'lsp.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** What there is to look at when a check fails. */
  report() {
    const lines = this.log().split('\n').slice(-25).map((line) => line.slice(0, 400)).join('\n');
    let screen = 'the screen is gone';
    try {
      screen = this.screen();
    } catch {
      // The terminal has ended with the editor.
    }

    return `${screen.trimEnd()}\n--- the log\n${lines}`;
  }

  async close() {
    this.terminal.close();
    this.playground.remove();
  }
}
