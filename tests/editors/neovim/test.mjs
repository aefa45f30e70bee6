// The plug-in in the real Neovim: node test.mjs TREE PLUGIN PROGRAM SCRIPTED-PROGRAM. Writes one line a check: STATUS<tab>NAME.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { answered, changed, exitCode, needing, run, source, spare, thought, withMember } from '../checks.mjs';
import { until } from '../terminal.mjs';
import { Neovim } from './neovim.mjs';

const [tree, plugin, program, scripted] = process.argv.slice(2);
const count = 'public int Count => _prices.Length;';
const open = (settings, before) => Neovim.open({ tree, plugin, program, start: `require('gptoss').setup(${settings})`, before });
const see = (vim, what, ask) => until(what, ask, () => vim.report());
const ready = (vim) => see(vim, 'the model is ready', () => vim.lua("require('gptoss').status()") === 'gpt-oss');
const line = (vim) => vim.lua('vim.api.nvim_get_current_line()');
const mode = (vim) => vim.lua('vim.api.nvim_get_mode().mode');

const member = '    public int First => ';

/** Types the beginning of a member that the model goes on with, and waits for ghost text that is on the screen too. */
async function offered(vim) {
  const text = await persist(vim, async () => {
    await vim.begin(count);
    vim.keys('o');
    vim.type(member.trimStart());
    await see(vim, 'the line is typed', () => line(vim) === member);
  });
  await see(vim, 'ghost text on the screen', () => vim.screen().includes(member + text.split('\n')[0]));
  return text;
}

/** Types until there is ghost text: on a busy machine an answer can come to nothing for want of time, and what was read is kept for the next. */
async function persist(vim, type) {
  for (let tries = 1; ; tries++) {
    await type();
    const end = Date.now() + 25_000;
    const text = await see(vim, 'ghost text', () => vim.ghost() || (tries < 4 && Date.now() > end && ' '));
    if (text !== ' ') {
      return text;
    }
  }
}

/** What the program counted of the completions here. */
function counted(vim) {
  const output = execFileSync(program, ['stats', '--json'], { encoding: 'utf8', env: { ...process.env, ...vim.playground.environment } });
  return JSON.parse(output)[0] ?? { shown: 0, accepted: 0, partlyAccepted: 0 };
}

const completion = {
  'ghost text appears while somebody types': async (vim) => {
    await ready(vim);
    await offered(vim);
  },
  'a word of it is taken, and the rest stays': async (vim) => {
    const text = await offered(vim);
    const word = /^\s*(\w+|[^\w\s]+)/.exec(text)[0];
    vim.keys('M-w');
    await see(vim, 'the word is in the line', () => line(vim) === `${member}${word}`);
    await see(vim, 'the rest is shown', () => vim.ghost() === text.slice(word.length));
  },
  'typing what it says goes on with it, typing something else does not': async (vim) => {
    const text = await offered(vim);
    vim.type(text.slice(0, 1));
    await see(vim, 'the rest is shown', () => vim.ghost() === text.slice(1));
    vim.type('§');
    await see(vim, 'it is gone', () => vim.ghost() === '');
  },
  'a line of it is taken': async (vim) => {
    const text = await offered(vim);
    vim.keys('M-e');
    await see(vim, 'the line is there', () => line(vim) === `${member}${text.split('\n')[0]}`);
  },
  'all of it is taken, and undone by itself': async (vim) => {
    const text = await offered(vim);
    const before = vim.text();
    vim.keys('M-l');
    await see(vim, 'the text is there', () => vim.text() === before.replace(member, `${member}${text}`));
    vim.keys('Escape', 'u');
    await see(vim, 'it is taken back', () => vim.text() === before);
  },
  'where there is no other suggestion, that is said': async (vim) => {
    const first = await offered(vim);
    vim.keys('M-n');
    await see(vim, 'it is said, or another is shown', () => vim.messages().includes('There is no other suggestion.') || (vim.ghost() !== first && /\(\d\/\d\)/.test(vim.screen())));
  },
  'the next of several suggestions is shown, and the one before again': async (vim) => {
    await offered(vim);
    // Of the small model's answers several are seldom different; these are shown as the server's are.
    vim.lua(`(function() local at = vim.api.nvim_win_get_cursor(0); local items = vim.tbl_map(function(text) return { insertText = text } end, { 'one;', 'two;', 'three;' }) return require('gptoss.ghost').show(vim.api.nvim_get_current_buf(), vim.lsp.get_clients({ name = 'gptoss' })[1], items, 1, true) end)()`);
    await see(vim, 'the first', () => vim.screen().includes(`${member}one; (1/3)`));
    vim.keys('M-n');
    await see(vim, 'the second', () => vim.screen().includes(`${member}two; (2/3)`));
    vim.keys('M-p', 'M-p');
    await see(vim, 'the last', () => vim.screen().includes(`${member}three; (3/3)`));
    vim.keys('M-l');
    await see(vim, 'it is taken', () => vim.ghost() === '' && line(vim) === `${member}three;`);
  },
  'a suggestion is given where one is asked for': async (vim) => {
    vim.command('GptOss toggle');
    await vim.begin(count);
    vim.keys('o');
    vim.type(member.trimStart());
    await see(vim, 'the line is typed', () => line(vim) === member);
    vim.keys('M-n');
    await see(vim, 'ghost text', () => vim.ghost());
    vim.keys('Escape');
    vim.command('GptOss toggle');
  },
  'it is dismissed': async (vim) => {
    await offered(vim);
    vim.keys('M-x');
    await see(vim, 'it is gone', () => vim.ghost() === '' && line(vim) === member);
  },
  'a key does what it did before where nothing is offered': async (vim) => {
    vim.command(`lua vim.keymap.set('i', '<C-q>', 'mapped')`);
    vim.command(`lua require('gptoss').setup({ program = '${program}', native = require('gptoss.options').current.native, keys = { accept = '<C-q>' } })`);
    vim.command('edit!');
    vim.command('bwipeout | edit Basket.cs');
    vim.command('GptOss toggle');
    await see(vim, 'the key is ours', () => vim.lua("vim.fn.maparg('<C-q>', 'i', false, true).desc") === 'gpt-oss: take the suggestion');
    await vim.begin(count);
    vim.keys('o', 'C-q');
    await see(vim, 'what it did before', () => line(vim) === '    mapped');
    vim.keys('Escape');
    vim.command('GptOss toggle');
  },
  'leaving insert mode takes it away': async (vim) => {
    await offered(vim);
    vim.keys('Escape');
    await see(vim, 'it is gone', () => vim.ghost() === '');
  },
  'a server that dies is started again, and goes on': async (vim) => {
    const before = vim.lua("vim.lsp.get_clients({ name = 'gptoss' })[1].id");
    vim.keys('Escape');
    const [server] = vim.lua('vim.api.nvim_get_proc_children(vim.fn.getpid())');
    process.kill(server, 'SIGKILL');
    await see(vim, 'another server', () => vim.lua(`(vim.lsp.get_clients({ name = 'gptoss' })[1] or { id = ${before} }).id`) > before);
    await ready(vim);
    await offered(vim);
  },
  'the server is restarted': async (vim) => {
    const before = vim.lua("vim.lsp.get_clients({ name = 'gptoss' })[1].id");
    vim.command('GptOss restart');
    await see(vim, 'another server', () => vim.lua(`(vim.lsp.get_clients({ name = 'gptoss' })[1] or { id = ${before} }).id`) > before);
    await ready(vim);
    await offered(vim);
  },
  'the status says how it is': async (vim) => {
    vim.keys('Escape');
    vim.command('GptOss status');
    await see(vim, 'the model is named', () => vim.screen().includes('starter is ready.'));
  },
  'the health check finds everything': async (vim) => {
    vim.command('checkhealth gptoss');
    await see(vim, 'the server is looked at', () => vim.screen().includes('starter is ready.'));
    const text = vim.lua("table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')");
    if (/ERROR|WARNING/.test(text)) {
      throw new Error(text);
    }

    vim.keys('q');
  },
  'the command line completes what there is': async (vim) => {
    const words = vim.lua("vim.fn.getcompletion('GptOss m', 'cmdline')");
    const models = vim.lua("vim.fn.getcompletion('GptOss model pull gpt', 'cmdline')");
    if (words.join() !== 'model' || models.join() !== 'gpt-oss-20b,gpt-oss-120b') {
      throw new Error(`${words} ${models}`);
    }
  },
  'what was shown and taken is counted': async (vim) => {
    vim.command('GptOss stop');
    await see(vim, 'the server has ended', () => vim.lua("#vim.lsp.get_clients({ name = 'gptoss' })") === 0);
    await see(vim, 'the counts', () => counted(vim).shown > 0 && counted(vim).accepted > 0 && counted(vim).partlyAccepted > 0);
  },
};

/** Begins a member that the scripted model goes on with, and waits for the ghost text. */
async function begun(vim, text = spare) {
  await vim.begin(count);
  vim.keys('o');
  vim.type(text.trimStart());
  await see(vim, 'ghost text', () => vim.ghost() === needing);
}

/** The caret as Neovim counts: lines from 1, bytes from 0. */
const caret = (vim) => vim.lua('vim.api.nvim_win_get_cursor(0)').join();
const lineOf = (text, part) => text.slice(0, text.indexOf(part)).split('\n').length;

/** What was taken is in the text with what it needs, the caret behind it, and nobody is asked anything. */
async function taken(vim, member = `${spare}${needing}`) {
  const expected = withMember(member, true);
  await see(vim, 'it is there, and what it needs is imported', () => `${vim.text()}\n` === expected);
  const at = `${lineOf(expected, member) + member.split('\n').length - 1},${member.split('\n').at(-1).length}`;
  if (caret(vim) !== at || mode(vim) !== 'i') {
    throw new Error(`The caret is at ${caret(vim)} and not at ${at}, in the mode ${mode(vim)}.`);
  }
}

/** What a file lacks is known once its project is read; what was answered before is kept, so that each try has a name of its own. */
async function projectIsRead(vim) {
  for (let tries = 1; tries < 20; tries++) {
    await begun(vim, `    public object SpareBefore${tries} => `);
    vim.keys('M-l');
    const isImported = await until('it is imported', () => vim.text().includes('using Shop.Storage;'), undefined, 2_000).then(() => true, () => false);
    if (isImported) {
      return;
    }
  }

  throw new Error(vim.report());
}

const imports = {
  'what a suggestion needs is imported when it is taken': async (vim) => {
    await ready(vim);
    await projectIsRead(vim);
    await begun(vim);
    if (`${vim.text()}\n` !== withMember(spare)) {
      throw new Error(vim.text());
    }

    vim.keys('M-l');
    await taken(vim);
  },
  'undoing takes back both, and doing it again brings both': async (vim) => {
    vim.keys('Escape', 'u');
    await see(vim, 'it is taken back', () => `${vim.text()}\n` === withMember(spare));
    vim.keys('C-r');
    await see(vim, 'it is there again', () => `${vim.text()}\n` === withMember(`${spare}${needing}`, true));
    vim.keys('u', 'u');
    await see(vim, 'the file is as it was', () => `${vim.text()}\n` === source);
  },
  'who types on meanwhile types behind it': async (vim) => {
    await begun(vim);
    vim.keys('M-l', 'Space', '/', '/', 'Space', 'm', 'i', 'n', 'e');
    await taken(vim, `${spare}${needing} // mine`);
  },
  'what is imported already is not imported again': async (vim) => {
    await begun(vim);
    vim.keys('M-l');
    await taken(vim);
    vim.keys('Enter');
    vim.type('public object Spare2 => ');
    await see(vim, 'ghost text', () => vim.ghost() === needing);
    vim.keys('M-l');
    await taken(vim, `${spare}${needing}\n    public object Spare2 => ${needing}`);
  },
  'a word of it imports nothing, the last one does': async (vim) => {
    await begun(vim);
    for (const word of ['new', ' Shelf', '(', '3']) {
      const before = line(vim);
      vim.keys('M-w');
      await see(vim, `the word ${word}`, () => line(vim) === `${before}${word}`);
    }

    // The server has answered what came before.
    vim.lua("vim.lsp.get_clients({ name = 'gptoss' })[1]:request_sync('gptOss/status', nil, 5000) ~= nil");
    if (`${vim.text()}\n` !== withMember(`${spare}new Shelf(3`)) {
      throw new Error(vim.text());
    }

    await see(vim, 'the rest', () => vim.ghost() === ');');
    vim.keys('M-w');
    await taken(vim);
  },
  'in a narrow window nobody has to press a key for it': async (vim) => {
    vim.command('set columns=40');
    await begun(vim);
    vim.keys('M-l');
    await taken(vim);
    vim.command('set columns=180');
  },
  'what is left of one that is typed through imports as well': async (vim) => {
    await begun(vim);
    vim.type('new Sh');
    await see(vim, 'the rest', () => vim.ghost() === 'elf(3);');
    vim.keys('M-e');
    await taken(vim);
  },
  'the server hears which file is in front': async (vim) => {
    const heard = () => vim.log().split('textDocument/didFocus - ').length;
    vim.command('silent edit! | edit Storage/Shelf.cs');
    await see(vim, 'the other file', () => vim.lua("#vim.lsp.get_clients({ name = 'gptoss', bufnr = 0 })") === 1 && vim.screen().includes('class Shelf'));
    const before = heard();
    vim.command('edit Basket.cs');
    await see(vim, 'it is told', () => heard() > before);
  },
};

const withoutPlugin = {
  'without the plug-in it is taken and imported as well': async (vim) => {
    await see(vim, 'what is asked first', () => vim.screen().includes('Do you trust'));
    vim.type('2');
    vim.keys('Enter');
    await see(vim, 'it is answered', () => mode(vim) === 'n');
    await begun(vim);
    vim.keys('M-l');
    await taken(vim);
  },
};

/** How many requests the server has not answered yet. */
const asked = (vim) => vim.lua("vim.lsp.get_clients({ name = 'gptoss' })[1]:request_sync('gptOss/status', nil, 5000).result.requestsInFlight");

/** Notes from here on whatever is drawn in another line than the caret's. */
const watchPlaces = (vim) => vim.lua(`(function()
  _G.places = {}
  if _G.watched then return true end
  _G.watched = vim.api.nvim_buf_set_extmark
  local names = { 'nvim.lsp.inline_completion', 'gptoss.ghost' }
  vim.api.nvim_buf_set_extmark = function(bufnr, namespace, row, column, options)
    local line, at = unpack(vim.api.nvim_win_get_cursor(0))
    local text = options.virt_text and options.virt_text[1] and options.virt_text[1][1]
    for _, name in ipairs(names) do
      if namespace == vim.api.nvim_create_namespace(name) and (row ~= line - 1 or column ~= at) then table.insert(_G.places, ('%s at %d,%d with the caret at %d,%d'):format(text, row, column, line - 1, at)) end
    end
    return _G.watched(bufnr, namespace, row, column, options)
  end
  return true
end)()`.replace(/\s*\n\s*/g, ' '));

/** Begins a member whose answer is held back until somebody lets it go. */
async function held(vim, name) {
  vim.playground.holdBack();
  await vim.begin(count);
  watchPlaces(vim);
  vim.keys('o');
  vim.type(`public object ${name} => `);
  await see(vim, 'the model is asked', () => vim.playground.isAwaited);
}

/** Everything is answered, and nothing was drawn where the caret was not. */
async function settled(vim) {
  await see(vim, 'everything is answered', () => asked(vim) === 0);
  const places = vim.lua('_G.places');
  if (places.length > 0) {
    throw new Error(places.join('\n'));
  }
}

const late = {
  'an answer for what was typed on is shown behind that': async (vim) => {
    await ready(vim);
    await held(vim, 'Late1');
    vim.type('new ');
    await see(vim, 'it is typed', () => line(vim).endsWith('=> new '));
    vim.playground.letGo();
    await see(vim, 'the rest', () => vim.ghost() === 'Shelf(3);');
    await settled(vim);
    vim.keys('M-l');
    await taken(vim, `    public object Late1 => ${needing}`);
  },
  'an answer that something else was typed against is not shown': async (vim) => {
    await held(vim, 'Late2');
    vim.type('"";');
    await see(vim, 'it is typed', () => line(vim).endsWith('"";'));
    vim.playground.letGo();
    await settled(vim);
    if (vim.ghost() !== '' || `${vim.text()}\n` !== withMember('    public object Late2 => "";')) {
      throw new Error(`${vim.ghost()}\n${vim.text()}`);
    }
  },
  'an answer for a place that the caret has left is not shown': async (vim) => {
    await held(vim, 'Late3');
    vim.keys('Up');
    vim.playground.letGo();
    await see(vim, 'the caret has moved', () => line(vim).includes(count));
    await settled(vim);
    if (vim.ghost() !== '' || `${vim.text()}\n` !== withMember('    public object Late3 => ')) {
      throw new Error(`${vim.ghost()}\n${vim.text()}`);
    }
  },
  'an answer that comes after insert mode is not shown': async (vim) => {
    await held(vim, 'Late4');
    vim.keys('Escape');
    vim.playground.letGo();
    await see(vim, 'normal mode', () => mode(vim) === 'n');
    await settled(vim);
    if (vim.ghost() !== '') {
      throw new Error(vim.ghost());
    }
  },
};

/** The text of the chat. */
const chat = (vim) => vim.lua("table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr('gptoss://chat'), 0, -1, false), '\\n')");

const conversation = {
  'a question is answered, with the reasoning folded away': async (vim) => {
    await ready(vim);
    await vim.begin('public int Total');
    vim.command('GptOss chat Why is it slow?');
    await see(vim, 'the answer on the screen', () => vim.screen().includes(answered));
    await see(vim, 'the next question can be written', () => chat(vim).trimEnd().endsWith('## You'));
    const screen = vim.screen();
    if (!screen.includes('Reasoning (1 lines)') || screen.includes(thought) || !chat(vim).includes(thought)) {
      throw new Error(screen);
    }
  },
  'a further question is written below it': async (vim) => {
    vim.type('A');
    vim.type('And the other?');
    vim.keys('Escape', 'Enter');
    await see(vim, 'the answer', () => chat(vim).includes('The other is *faster*.'));
    await see(vim, 'the next question can be written', () => chat(vim).trimEnd().endsWith('## You'));
  },
  'an answer is stopped': async (vim) => {
    vim.command('GptOss chat Go on without end');
    await see(vim, 'the beginning', () => chat(vim).includes('And on and on'));
    vim.keys('C-c');
    await see(vim, 'it has stopped', () => chat(vim).includes('> Stopped.') && chat(vim).trimEnd().endsWith('## You'));
    vim.command('GptOss chat And the other?');
    await see(vim, 'the server answers again', () => chat(vim).split('The other is').length === 3);
    await see(vim, 'it is done', () => chat(vim).trimEnd().endsWith('## You'));
  },
  'an answer that a lost server cannot give is ended, and the next one is given': async (vim) => {
    vim.command('GptOss chat Go on without end');
    await see(vim, 'the beginning', () => chat(vim).split('And on and on').length === 3);
    const [server] = vim.lua('vim.api.nvim_get_proc_children(vim.fn.getpid())');
    process.kill(server, 'SIGKILL');
    await see(vim, 'it is ended', () => chat(vim).includes('> The server ended before it had answered.') && chat(vim).trimEnd().endsWith('## You'));
    await ready(vim);
    vim.command('GptOss clear');
    vim.command('GptOss chat Why is it slow?');
    await see(vim, 'the answer', () => chat(vim).includes(answered) && chat(vim).trimEnd().endsWith('## You'));
  },
  'a block of code is compared with the code, and put there': async (vim) => {
    vim.command('call search("var x = 1", "b")');
    vim.type('gp');
    await see(vim, 'the comparison', () => vim.lua('vim.fn.tabpagenr("$")') === 2 && vim.screen().includes('<CR> makes the change'));
    vim.keys('Enter');
    await see(vim, 'the code is in the file', () => vim.text().includes('var x = 1;\n    public int Total()'));
    vim.command('GptOss clear');
    await see(vim, 'the chat is empty', () => chat(vim).trim() === '## You');
    vim.command('bwipeout!');
    await see(vim, 'the file is in front', () => vim.lua("vim.fn.expand('%:t')") === 'Basket.cs');
  },
  'a member is explained': async (vim) => {
    await vim.begin('public int Total');
    vim.command('GptOss explain');
    await see(vim, 'the answer', () => chat(vim).includes('It is a sum.'));
    await see(vim, 'it is done', () => chat(vim).trimEnd().endsWith('## You'));
    const documents = vim.lua('#vim.tbl_filter(function(b) return vim.api.nvim_buf_get_name(b):find("answer") end, vim.api.nvim_list_bufs())');
    if (documents !== 0) {
      throw new Error('The answer has a document of its own as well.');
    }

    vim.command('bwipeout!');
  },
  'a selection is changed as said, seen first, and rejected': async (vim) => {
    await vim.begin('public int Total');
    vim.type('V9j:');
    vim.type('GptOss edit make it shorter');
    vim.keys('Enter');
    await see(vim, 'the comparison', () => vim.lua('vim.fn.tabpagenr("$")') === 2 && vim.screen().includes(changed));
    vim.keys('q');
    await see(vim, 'the file is as it was', () => vim.lua('vim.fn.tabpagenr("$")') === 1 && `${vim.text()}\n` === source);
  },
  'a selection is changed as said, and accepted': async (vim) => {
    await vim.begin('public int Total');
    vim.type('V9j:');
    vim.type('GptOss edit make it shorter');
    vim.keys('Enter');
    await see(vim, 'the comparison', () => vim.lua('vim.fn.tabpagenr("$")') === 2 && vim.screen().includes(changed));
    vim.keys('Enter');
    await see(vim, 'the file was changed', () => vim.text().includes(changed) && !vim.text().includes('for (var i'));
    if (vim.lua('vim.wo.diff')) {
      throw new Error('The file is still compared.');
    }
  },
  'a change is not made of code that has changed since': async (vim) => {
    await vim.begin('public int Total');
    vim.command('GptOss edit make it shorter');
    await see(vim, 'the comparison', () => vim.lua('vim.fn.tabpagenr("$")') === 2);
    vim.command(`call setbufline('${vim.playground.file}', 1, 'using System.IO;')`);
    vim.command('GptOss accept');
    await see(vim, 'it is told', () => vim.messages().includes('The code has changed since'));
    vim.command('GptOss reject');
    await see(vim, 'the comparison is gone', () => vim.lua('vim.fn.tabpagenr("$")') === 1 && !vim.text().includes(changed));
  },
  'a change that makes a file is shown, and made': async (vim) => {
    const changes = ['Basket', 'BasketTests'].map((name) => `{ textDocument = { uri = vim.uri_from_fname('${vim.playground.folder}/${name}.cs'), version = vim.NIL }, edits = { { range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } }, newText = '// ${name}\\n', annotationId = 'other' } } }`);
    await vim.begin('public int Total');
    vim.command(`lua require('gptoss.proposal').show({ changeAnnotations = { other = { label = 'Other files', needsConfirmation = true } }, documentChanges = { ${changes[0]}, { kind = 'create', uri = vim.uri_from_fname('${vim.playground.folder}/BasketTests.cs') }, ${changes[1]} } }, 'utf-16')`);
    await see(vim, 'a page for each file', () => vim.lua('vim.fn.tabpagenr("$")') === 3 && vim.screen().includes('// Basket'));
    vim.command('GptOss accept');
    await see(vim, 'both are changed, and it is told', () => vim.text().startsWith('// Basket\n') && vim.messages().includes('2 files were changed; :wall writes them.'));
    vim.command('wall');
    await see(vim, 'the new one is on disk', () => existsSync(`${vim.playground.folder}/BasketTests.cs`) && readFileSync(`${vim.playground.folder}/BasketTests.cs`, 'utf8').trim() === '// BasketTests');
    vim.playground.write('Shop/Basket.cs', source);
  },
  'the menu of code actions changes the file': async (vim) => {
    await vim.begin('public int Total');
    vim.type('0fT');
    vim.command('lua vim.lsp.buf.code_action()');
    const screen = await see(vim, 'the menu', () => /\d+: Simplify/.test(vim.screen()) && vim.screen());
    vim.type(/(\d+): Simplify/.exec(screen)[1]);
    vim.keys('Enter');
    await see(vim, 'the file was changed', () => vim.text().includes(changed));
  },
  'work is stopped, and says so': async (vim) => {
    await vim.begin('public int Count');
    vim.command('GptOss edit go on without end');
    await see(vim, 'it is told', () => vim.screen().includes('gpt-oss: edit'));
    vim.command('GptOss cancel');
    await see(vim, 'it is over', () => vim.lua("require('gptoss.server').cancel_works()") === 0);
    if (`${vim.text()}\n` !== source) {
      throw new Error(vim.text());
    }
  },
  'a question of the server’s waits until somebody answers': async (vim) => {
    await see(vim, 'it is told', () => vim.messages().includes('The server has a question'));
    vim.command('GptOss answer');
    await see(vim, 'what is asked', () => vim.screen().includes('Do you trust'));
    vim.type('2');
    vim.keys('Enter');
    await see(vim, 'it is answered', () => mode(vim) === 'n');
    vim.command('GptOss answer');
    await see(vim, 'nothing more is asked', () => vim.messages().includes('Nothing was asked.'));
  },
};

const mistakes = {
  'a program that is not there is told with what to do': async (vim) => {
    await see(vim, 'the message', () => vim.messages().includes('/nowhere/gptoss cannot be started'));
    vim.keys('Escape', 'Escape');
    vim.command('checkhealth gptoss');
    await see(vim, 'the health check says it too', () => vim.screen().includes('ERROR /nowhere/gptoss cannot be started'));
  },
  'an option that does not exist is told': async (vim) => {
    if (!vim.messages().includes('There is no option keys.acept')) {
      throw new Error(vim.messages());
    }
  },
};

const packaged = {
  'as a package, with the program on the PATH, it needs no set-up': async (vim) => {
    await ready(vim);
    await offered(vim);
    vim.keys('M-l');
    await see(vim, 'it is taken', () => vim.ghost() === '' && line(vim).length > member.length);
  },
  'its help is found': async (vim) => {
    vim.keys('Escape');
    vim.command(`helptags ${vim.playground.root}/site/pack/gptoss/start/gptoss/doc`);
    vim.command('help gptoss-keys');
    await see(vim, 'the page', () => vim.screen().includes('keys.accept_word'));
    vim.command('bwipeout');
  },
  'where the model cannot chat, that is told': async (vim) => {
    vim.command('GptOss chat Why is it slow?');
    await see(vim, 'the reason', () => chat(vim).includes('\n> ') && chat(vim).trimEnd().endsWith('## You'));
  },
};

const hidden = 'rawset(vim.lsp, "inline_completion", false)';
const parts = {
  native: () => open(`{ program = '${program}' }`).then((vim) => run('', vim, completion)),
  own: () => open(`{ program = '${program}' }`, hidden).then((vim) => run('0.11’s way: ', vim, completion)),
  imports: () => open(`{ program = '${scripted}' }`).then((vim) => run('', vim, imports)),
  ownImports: () => open(`{ program = '${scripted}' }`, hidden).then((vim) => run('0.11’s way: ', vim, imports)),
  plain: () => Neovim.open({ tree, plugin, program, start: `vim.lsp.config('plain', { cmd = { '${scripted}', 'serve' }, filetypes = { 'cs' } }) vim.lsp.enable('plain') vim.lsp.inline_completion.enable() vim.keymap.set('i', '<M-l>', vim.lsp.inline_completion.get)` }).then((vim) => run('', vim, withoutPlugin)),
  late: () => open(`{ program = '${scripted}' }`).then((vim) => run('', vim, late)),
  ownLate: () => open(`{ program = '${scripted}' }`, hidden).then((vim) => run('0.11’s way: ', vim, late)),
  packaged: () => Neovim.open({ tree, plugin, program, start: "vim.lsp.enable('gptoss')", isPackage: true }).then((vim) => run('', vim, packaged)),
  chat: () => open(`{ program = '${scripted}' }`).then((vim) => run('', vim, conversation)),
  mistakes: () => open("{ program = '/nowhere/gptoss', keys = { acept = '<M-l>' } }").then((vim) => run('', vim, mistakes)),
};
const only = process.env.GPTOSS_CHECKS?.split(',') ?? Object.keys(parts);
for (const part of only) {
  await parts[part]();
}

process.exitCode = exitCode();
