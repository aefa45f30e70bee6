// Our extension in the real workbench: node test.mjs CACHE CHROMIUM PACKAGED-VSIX UNIVERSAL-VSIX STARTER-MODEL SCRIPTED-PROGRAM. Writes one line a check: STATUS<tab>NAME.
// The first package has the program and its small model inside; the second finds the scripted program, which chats, on the PATH.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source } from '../checks.mjs';
import { Hub } from './hub.mjs';
import { Workbench } from './workbench.mjs';

const [cache, chromium, packaged, universal, starter, scripted] = process.argv.slice(2);
const project = '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>\n';
const files = { 'Basket.cs': source, 'Shop.csproj': project, 'Quiet.cs': 'public class Quiet\n{\n    \n}\n' };
const wanted = process.env.GPTOSS_CHECK ?? '';
const givesUpAfter = Number(process.env.GPTOSS_GIVE_UP ?? 3);
const shots = process.env.GPTOSS_SHOTS;
const shoot = async (page, name, clip) => shots && page.screenshot({ path: join(shots, `${name}.png`), ...(clip && { clip }) });
const scratch = mkdtempSync(join(tmpdir(), 'gptoss-checks-'));
let failed = 0;

async function session(name, options, checks) {
  if (!name.includes(wanted)) {
    return;
  }

  let bench;
  try {
    bench = await Workbench.open({ cache, chromium, files, ...options });
    const before = failed;
    for (const [title, check] of Object.entries(checks)) {
      if (failed - before >= givesUpAfter) {
        failed++;
        console.log(`failed\t${title}: not tried after so many failures`);
        continue;
      }

      try {
        await check(bench, bench.page);
        console.log(`passed\t${title}`);
      } catch (problem) {
        failed++;
        console.log(`failed\t${title}`);
        const shot = join(tmpdir(), `gptoss-${name}-${failed}.png`);
        await bench.page.screenshot({ path: shot });
        console.error(`${title}: ${problem.stack}\nThe screen: ${shot}\n${bench.log()}`);
      }
    }
  } catch (problem) {
    failed++;
    console.log(`failed\tthe workbench opens for ${name}`);
    console.error(problem.stack);
  } finally {
    await bench?.close();
  }
}

const bare = (code) => code.replace(/\s/g, '');

const hub = await Hub.open(starter);
const damaged = join(scratch, 'damaged.gguf');
writeFileSync(damaged, 'GGUF');
// Only what the system brings: no gptoss-codeassist.
await session('package', { vsix: packaged, settings: { 'gptOss.hub.endpoint': hub.address, 'workbench.colorTheme': 'Default Dark Modern' }, environment: { PATH: '/usr/bin:/bin' } }, {
  'the walkthrough opens at the first start': async (_, page) => {
    await page.getByText('Get started with gpt-oss').first().waitFor();
  },
  'the program in the package starts, and the status says that the model is ready': async (bench) => {
    await bench.openFile('Basket.cs');
    await bench.statusSays('is ready');
    const [one] = await bench.servers();
    if (!/extensions[^ ]*\/server\/gptoss-codeassist$/.test(one?.program ?? '')) {
      throw new Error(`Another program runs: ${one?.program}`);
    }
  },
  'ghost text appears while somebody types': async (bench, page) => {
    await bench.caretAfter('public int Count => _prices.Length;');
    await page.keyboard.press('Enter');
    await bench.typeForGhost('public bool IsEmpty => ');
    await shoot(page, 'completion');
    await shoot(page, 'readme-completion', { x: 348, y: 90, width: 560, height: 232 });
  },
  'a word of it is taken': async (bench, page) => {
    const before = await bench.text('Basket.cs');
    await page.keyboard.press('Control+ArrowRight');
    await bench.until('the text grew by a word', async () => (await bench.text('Basket.cs')) !== before);
    const grown = (await bench.text('Basket.cs')).length - before.length;
    const offered = (await page.locator('.ghost-text-decoration').allInnerTexts()).join('');
    if (grown < 1 || grown > 30 || offered === '') {
      throw new Error(`${grown} characters were taken, and '${offered}' is left.`);
    }
  },
  'Tab takes the rest': async (bench, page) => {
    await bench.ghost().waitFor();
    const offered = bare((await page.locator('.ghost-text-decoration').allInnerTexts()).join(''));
    await page.keyboard.press('Tab');
    await bench.until(`the file holds ${offered}`, async () => offered !== '' && bare(await bench.text('Basket.cs')).includes(offered));
  },
  'a server that was killed is started again, and completes': async (bench, page) => {
    const [killed] = await bench.servers();
    process.kill(killed.pid, 'SIGKILL');
    await bench.until('another server runs', async () => (await bench.servers()).some((server) => server.pid !== killed.pid));
    await bench.statusSays('is ready');
    await bench.run('File: Revert File');
    await bench.caretAfter('public int Count => _prices.Length;');
    await page.keyboard.press('Enter');
    await bench.typeForGhost('public bool IsEmpty => ');
    await page.keyboard.press('Escape');
  },
  'fetching a model can be stopped': async (bench, page) => {
    await bench.run('gpt-oss: Fetch a Model');
    await page.locator('.quick-input-widget:visible input.input').fill('tests/tiny:tiny.gguf');
    await page.keyboard.press('Enter');
    await bench.until('half of it is here and the rest is awaited', () => hub.held.length > 0);
    await bench.notice('fetching tests/tiny', 'Cancel');
    await page.locator('.notification-list-item', { hasText: 'fetching tests/tiny' }).waitFor({ state: 'detached' });
  },
  'it goes on later, is verified, and is used': async (bench, page) => {
    hub.goOn();
    await bench.run('gpt-oss: Fetch a Model');
    await page.locator('.quick-input-widget:visible input.input').fill('tests/tiny:tiny.gguf');
    await page.keyboard.press('Enter');
    await bench.notice('is here and verified', 'Use It Now');
    await bench.until('the server runs with it', async () => (await bench.servers()).some((server) => server.settings.model === 'tests/tiny:tiny.gguf'));
    await bench.statusSays('is ready');
  },
  'the list of models says which is in use, and switches': async (bench, page) => {
    await bench.run('gpt-oss: Choose a Model');
    await page.locator('.quick-input-list .monaco-list-row:has(.codicon-check)', { hasText: 'tests/tiny:tiny.gguf' }).waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'gpt-oss-20b' }).waitFor();
    await shoot(page, 'models');
    await bench.choose('starter');
    await bench.until('the server runs with the small model', async () => (await bench.servers()).some((server) => server.settings.model === 'starter'));
    await bench.statusSays('is ready');
  },
  'a model that cannot be used is told at the bottom, and the list is the way out': async (bench) => {
    bench.set({ 'gptOss.model': damaged });
    await bench.statusSays('damaged.gguf');
    bench.set({ 'gptOss.model': 'starter' });
    await bench.statusSays('is ready');
  },
  'the doctor shows a page': async (bench) => {
    await bench.run('gpt-oss: Check the Set-up');
    await bench.inSomeFrame('llama.cpp');
  },
  'a report for a bug is copied': async (bench, page) => {
    await bench.run('gpt-oss: Copy a Report');
    await page.locator('.notification-list-item', { hasText: 'on the clipboard' }).first().waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    if (!report.includes('## The extension') || !report.includes('llama.cpp') || report.includes('_prices')) {
      throw new Error(report);
    }
  },
  'the server is restarted': async (bench) => {
    const [before] = await bench.servers();
    await bench.run('gpt-oss: Restart the Server');
    await bench.until('another server runs', async () => (await bench.servers()).some((server) => server.pid !== before.pid));
    await bench.statusSays('is ready');
  },
  'the item at the bottom leads to everything there is': async (_, page) => {
    await page.locator('.statusbar-item', { hasText: 'gpt-oss' }).locator('a').click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Check the Set-up' }).waitFor();
    await page.keyboard.press('Escape');
  },
  'completions can be switched off for the language': async (bench) => {
    await bench.openFile('Basket.cs');
    await bench.run('gpt-oss: Switch Completions');
    await bench.statusSays('off for csharp');
  },
});
hub.close();

const script = join(scratch, 'rules.json');
const rewritten = '```csharp\n    public int Total() => _prices[0] + _prices[1];\n```\nWith this it is shorter.';
writeFileSync(script, JSON.stringify([
  { when: 'class Quiet', say: '', completes: true },
  { when: '', say: '+= 1;', completes: true },
  { when: 'Tell me a story', say: 'Once upon a time there was a **basket**', neverEnds: true },
  { when: 'Why is it slow', say: 'It **adds** each price in turn; that is fine for a basket, and slow for a warehouse:\n\n```csharp\nvar x = 1;\n```\n', think: 'The loop is the answer.' },
  { when: 'shorter', say: rewritten },
  { when: 'Total', say: rewritten },
]));
const bin = join(scratch, 'bin');
mkdirSync(bin);
symlinkSync(scripted, join(bin, 'gptoss-codeassist'));
const reject = (bench) => bench.run('gpt-oss: Reject the Proposed Change');
await session('chat', { vsix: universal, settings: {}, environment: { PATH: `${bin}:${process.env.PATH}`, GPTOSS_SCRIPT: script } }, {
  'the program on the PATH is found': async (bench) => {
    await bench.openFile('Basket.cs');
    await bench.statusSays('is ready');
  },
  'a line of the ghost text is taken': async (bench, page) => {
    await bench.caretAfter('var total = 0;');
    await page.keyboard.press('Enter');
    await bench.typeForGhost('total ');
    await page.keyboard.press('Control+Shift+ArrowRight');
    // A word would have been the operator alone.
    await bench.until('the whole line is there', async () => (await bench.text('Basket.cs')).includes('total += 1;'));
    await bench.run('File: Revert File');
  },
  'the status says why nothing was shown': async (bench, page) => {
    await bench.openFile('Quiet.cs');
    await bench.caretAfter('{\n    ');
    await page.keyboard.type('public ');
    await bench.statusSays('Last time nothing was shown');
    await bench.run('File: Revert File');
  },
  'an answer streams, and can be stopped': async (bench) => {
    await bench.openFile('Basket.cs');
    await bench.run('gpt-oss: Open Chat');
    await bench.ask('Tell me a story');
    await bench.chat().locator('.turn.running .answer strong', { hasText: 'basket' }).waitFor();
    await bench.chat().getByRole('button', { name: 'Stop' }).click();
    await bench.chat().locator('.turn.stopped .note', { hasText: 'Stopped.' }).waitFor();
  },
  'a question is answered, with the reasoning folded away': async (bench, page) => {
    const chat = bench.chat();
    await bench.run('gpt-oss: New Conversation');
    await bench.ask('Why is it slow?');
    await chat.locator('.turn.done .answer strong', { hasText: 'adds' }).waitFor();
    await chat.locator('details:not([open]) summary', { hasText: 'Reasoning' }).waitFor();
    // A screen reader hears the answer once, when it is whole.
    await chat.locator('#said', { hasText: 'It adds each price' }).waitFor({ state: 'attached' });
    await shoot(page, 'chat');
  },
  'references are completed while they are typed': async (bench, page) => {
    const question = bench.chat().locator('#question');
    await question.fill('');
    await question.pressSequentially('What does #fi');
    await bench.chat().locator('#choices [aria-selected=true]', { hasText: '#file:Basket.cs' }).waitFor();
    await shoot(page, 'references');
    await question.press('ArrowDown');
    await bench.chat().locator('#choices [aria-selected=true]', { hasText: 'A file of the workspace' }).waitFor();
    await question.press('Enter');
    await bench.chat().locator('#choices li', { hasText: '#file:Quiet.cs' }).waitFor();
    await question.pressSequentially('bask');
    await bench.until('only one is left', async () => (await bench.chat().locator('#choices li').count()) === 1);
    await question.press('Tab');
    await bench.until('it is in the question', async () => (await question.inputValue()) === 'What does #file:Basket.cs ');
    await question.fill('');
  },
  'slash commands are listed, and help answers': async (bench) => {
    const question = bench.chat().locator('#question');
    await question.pressSequentially('/he');
    await bench.chat().locator('#choices [aria-selected=true]', { hasText: '/help' }).waitFor();
    await question.pressSequentially('lp');
    await question.press('Enter');
    await bench.chat().locator('.turn.done', { hasText: 'Explains the member' }).waitFor();
  },
  'the chat can be walked through with Tab': async (bench) => {
    const chat = bench.chat();
    await chat.locator('#turns').focus();
    const seen = [];
    for (let steps = 0; steps < 30 && seen.at(-1) !== 'send'; steps++) {
      await bench.page.keyboard.press('Tab');
      seen.push(await chat.locator(':focus').evaluate((node) => node.id || node.textContent));
    }

    for (const expected of ['Reasoning', 'Copy', 'Insert', 'Apply…', 'question', 'attach', 'effort', 'send']) {
      if (!seen.includes(expected)) {
        throw new Error(`${expected} is not reached: ${seen.join(', ')}`);
      }
    }
  },
  'code of the answer is copied, and inserted at the caret': async (bench, page) => {
    await bench.openFile('Basket.cs');
    await bench.caretAfter('public int Count => _prices.Length;');
    await bench.chat().getByRole('button', { name: 'Copy' }).click();
    await bench.until('it is on the clipboard', async () => (await page.evaluate(() => navigator.clipboard.readText())) === 'var x = 1;');
    await bench.chat().getByRole('button', { name: 'Insert' }).click();
    await bench.until('it is in the file', async () => (await bench.text('Basket.cs')).includes('_prices.Length;var x = 1;'));
    await bench.openFile('Basket.cs');
    await bench.run('File: Revert File');
    await bench.until('it is taken back', async () => !(await bench.text('Basket.cs')).includes('var x = 1;'));
  },
  'a selection is asked about': async (bench, page) => {
    await bench.caretAfter('var total = 0;');
    await page.keyboard.press('Shift+Home');
    await bench.run('gpt-oss: Ask about the Selection');
    await bench.until('it stands in the question', async () => (await bench.chat().locator('#question').inputValue()) === '#selection ');
    await bench.chat().locator('#question').fill('');
  },
  'code of the answer is compared and applied': async (bench, page) => {
    await bench.openFile('Basket.cs');
    await bench.caretAfter('public int Count => _prices.Length;');
    await bench.chat().getByRole('button', { name: 'Apply…' }).click();
    await page.locator('.monaco-diff-editor').waitFor();
    await bench.run('gpt-oss: Accept the Proposed Change');
    await bench.until('the code is in the file', async () => (await bench.text('Basket.cs')).includes('_prices.Length;var x = 1;'));
    await bench.run('File: Revert File');
    await bench.until('it is taken back', async () => !(await bench.text('Basket.cs')).includes('var x = 1;'));
  },
  'a selection is changed as said, seen first, and rejected': async (bench, page) => {
    await bench.change('public int Total', 'make it shorter');
    await shoot(page, 'proposal');
    await reject(bench);
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await bench.until('the file is as it was', async () => (await bench.text('Basket.cs')).includes('for (var i'));
  },
  'it is accepted with a key': async (bench, page) => {
    await bench.change('public int Total', 'make it shorter');
    await page.locator('.monaco-diff-editor .editor.modified').click();
    await page.keyboard.press('Control+Enter');
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await bench.until('the file was changed', async () => (await bench.text('Basket.cs')).includes('_prices[0] + _prices[1]'));
    await bench.run('File: Revert File');
    await bench.until('it is taken back', async () => (await bench.text('Basket.cs')).includes('for (var i'));
  },
  'a change that takes too long is stopped': async (bench, page) => {
    await bench.caretAfter('public int Total');
    await bench.run('gpt-oss: Change the Selection');
    await page.locator('.quick-input-widget:visible input.input').fill('Tell me a story');
    await page.keyboard.press('Enter');
    await bench.notice('Tell me a story', 'Cancel');
    await page.locator('.notification-list-item', { hasText: 'Tell me a story' }).waitFor({ state: 'detached' });
    await bench.until('nothing was changed', async () => (await bench.text('Basket.cs')).includes('for (var i'));
  },
  'the light bulb shows its change, and makes it': async (bench, page) => {
    await bench.bulb('public int Total', 'Simplify');
    await page.locator('.monaco-diff-editor').waitFor();
    await bench.until('nothing is made before', async () => (await page.locator('.monaco-diff-editor .editor.original .view-lines').innerText()).replaceAll('\u00a0', ' ').includes('for (var i'));
    await bench.run('gpt-oss: Accept the Proposed Change');
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await bench.until('the file was changed', async () => (await bench.text('Basket.cs')).includes('_prices[0] + _prices[1]'));
    await bench.run('File: Revert File');
  },
  'without comparison it makes the change at once': async (bench) => {
    bench.set({ 'gptOss.compareChanges': false });
    await bench.openFile('Basket.cs');
    await bench.bulb('public int Total', 'Simplify');
    await bench.until('the file was changed', async () => (await bench.text('Basket.cs')).includes('_prices[0] + _prices[1]'));
    await bench.run('File: Revert File');
  },
  'in high contrast everything has an edge, and in every theme the words can be read': async (bench, page) => {
    const chat = bench.chat();
    let low = [];
    for (const [theme, kind] of [['Default Light Modern', 'vscode-light'], ['Default Dark Modern', 'vscode-dark'], ['Default High Contrast', 'vscode-high-contrast']]) {
      bench.set({ 'workbench.colorTheme': theme });
      await chat.locator(`body.${kind}`).waitFor();
      // 4.5 is what WCAG asks for; the workbench's own blue button has a little less.
      await bench.until(`${theme} has contrast`, async () => (low = (await bench.contrasts('#send', '.question', '.answer', 'pre code', '.buttons button', 'summary')).filter((contrast) => contrast < 4.4)).length === 0)
        .catch((problem) => { throw new Error(`${problem.message}: ${low}`); });
      await shoot(page, `chat-${kind}`);
      await shoot(page, `readme-chat-${kind}`, { x: 48, y: 36, width: 560, height: 232 });
    }

    const edge = await chat.locator('#send').evaluate((node) => getComputedStyle(node).borderTopColor);
    if (/, 0\)$|transparent/.test(edge)) {
      throw new Error(`The button has no edge: ${edge}`);
    }
  },
});
rmSync(scratch, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
