// Our extension in the real workbench: node test.mjs CACHE CHROMIUM VSIX PROGRAM SCRIPTED-PROGRAM. Writes one line a check: STATUS<tab>NAME.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workbench } from './workbench.mjs';

const [cache, chromium, vsix, program, scripted] = process.argv.slice(2);
const source = `using System;

namespace Shop;

public class Basket
{
    private readonly int[] _prices = [1, 2, 3];

    public int Count => _prices.Length;

    public int Total()
    {
        var total = 0;
        for (var i = 0; i < _prices.Length; i++)
        {
            total += _prices[i];
        }

        return total;
    }
}
`;
const project = '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>\n';
const files = { 'Basket.cs': source, 'Shop.csproj': project };
const shots = process.env.GPTOSS_SHOTS;
let failed = 0;

async function session(name, settings, environment, checks) {
  const bench = await Workbench.open({ cache, chromium, vsix, settings, files, environment });
  const { page } = bench;
  try {
    for (const [title, check] of Object.entries(checks)) {
      try {
        await check(bench, page);
        console.log(`passed\t${title}`);
      } catch (problem) {
        failed++;
        console.log(`failed\t${title}`);
        const shot = join(tmpdir(), `gptoss-${name}-${failed}.png`);
        await page.screenshot({ path: shot });
        console.error(`${title}: ${problem.stack}\nThe screen: ${shot}\n${bench.log()}`);
      }
    }
  } finally {
    await bench.close();
  }
}

/** Waits until a question has the answer yes; says what was there where it never has. */
async function until(page, what, ask) {
  const end = Date.now() + 30_000;
  while (!await ask()) {
    if (Date.now() > end) {
      throw new Error(`Never: ${what}`);
    }

    await page.waitForTimeout(100);
  }
}

/** What is in the editor, without the ghost text. */
const text = async (page) => (await page.locator('.monaco-editor[data-uri$="Basket.cs"] .view-lines').last().evaluate((lines) => {
  const copy = lines.cloneNode(true);
  copy.querySelectorAll('[class*="ghost-text"]').forEach((node) => node.remove());
  return [...copy.children].map((line) => line.textContent).join('\n');
})).replaceAll('\u00a0', ' ');
const ghost = (page) => page.locator('.ghost-text-decoration, .ghost-text').first();
const bare = (code) => code.replace(/\s/g, '');
const shoot = async (page, name) => shots && page.screenshot({ path: join(shots, `${name}.png`) });

await session('completion', { 'gptOss.server.path': program }, {}, {
  'the walkthrough opens at the first start': async (_, page) => {
    await page.getByText('Get started with gpt-oss').first().waitFor();
  },
  'the status says that the model is ready': async (bench, page) => {
    await bench.openFile('Basket.cs');
    await until(page, 'the status says ready', async () => (await bench.status().locator('[aria-label]').or(bench.status()).first().getAttribute('aria-label') ?? '').includes('is ready'));
  },
  'ghost text appears while somebody types': async (bench, page) => {
    await bench.caretAfter('public int Count => _prices.Length;');
    await page.keyboard.press('Enter');
    await page.keyboard.type('public int ', { delay: 30 });
    await ghost(page).waitFor();
    await shoot(page, 'completion');
  },
  'a word of it is taken': async (_, page) => {
    const before = await text(page);
    await page.keyboard.press('Control+ArrowRight');
    await until(page, 'the text grew by a word', async () => (await text(page)) !== before);
  },
  'Tab takes the rest': async (_, page) => {
    await ghost(page).waitFor();
    const offered = bare((await page.locator('.ghost-text-decoration').allInnerTexts()).join(''));
    await page.keyboard.press('Tab');
    await until(page, `the file holds ${offered}`, async () => offered !== '' && bare(await text(page)).includes(offered));
  },
  'completions can be switched off for the language': async (bench, page) => {
    await bench.run('gpt-oss: Switch Completions');
    await until(page, 'the status says off', async () => (await bench.status().first().getAttribute('aria-label') ?? '').includes('off for csharp'));
  },
});

const scripts = mkdtempSync(join(tmpdir(), 'gptoss-script-'));
const script = join(scripts, 'rules.json');
const rewritten = '```csharp\n    public int Total() => _prices[0] + _prices[1];\n```\nWith this it is shorter.';
writeFileSync(script, JSON.stringify([
  { when: 'Why is it slow', say: 'It **adds** each price:\n\n```csharp\nvar x = 1;\n```\n', think: 'The loop is the answer.' },
  { when: 'shorter', say: rewritten },
  { when: 'Total', say: rewritten },
]));
await session('chat', { 'gptOss.server.path': scripted }, { GPTOSS_SCRIPT: script }, {
  'a question is answered, with the reasoning folded away': async (bench, page) => {
    await bench.openFile('Basket.cs');
    await bench.run('gpt-oss: Open Chat');
    const chat = bench.chat();
    await chat.locator('#question').fill('Why is it slow?');
    await chat.locator('#question').press('Enter');
    await chat.locator('.turn.done .answer strong', { hasText: 'adds' }).waitFor();
    await chat.locator('details:not([open]) summary', { hasText: 'Reasoning' }).waitFor();
    await shoot(page, 'chat');
  },
  'code of the answer is compared and applied': async (bench, page) => {
    await bench.caretAfter('public int Count => _prices.Length;');
    await bench.chat().getByRole('button', { name: 'Apply…' }).click();
    await page.locator('.monaco-diff-editor').waitFor();
    await bench.run('gpt-oss: Accept the Proposed Change');
    await until(page, 'the code is in the file', async () => (await text(page)).includes('_prices.Length;var x = 1;'));
    await bench.openFile('Basket.cs');
    await page.keyboard.press('Control+z');
    await until(page, 'it is taken back', async () => !(await text(page)).includes('var x = 1;'));
  },
  'a selection is changed as said, seen first, and rejected': async (bench, page) => {
    await bench.openFile('Basket.cs');
    await bench.caretAfter('public int Total');
    await bench.run('gpt-oss: Change the Selection');
    await page.locator('.quick-input-widget:visible input.input').fill('make it shorter');
    await page.keyboard.press('Enter');
    await page.locator('.monaco-diff-editor').waitFor();
    await shoot(page, 'proposal');
    await bench.run('gpt-oss: Reject the Proposed Change');
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await until(page, 'the file is as it was', async () => (await text(page)).includes('for (var i'));
  },
  'the light bulb changes the file': async (bench, page) => {
    await bench.openFile('Basket.cs');
    await bench.caretAfter('public int Total');
    await page.keyboard.press('Control+.');
    const focused = page.locator('.action-widget .monaco-list-row.focused');
    await focused.waitFor();
    await until(page, 'the action is there', async () => {
      const isFocused = /Simplify/.test(await focused.innerText());
      await page.keyboard.press(isFocused ? 'Enter' : 'ArrowDown');
      return isFocused;
    });
    await until(page, 'the file was changed', async () => (await text(page)).includes('_prices[0] + _prices[1]'));
  },
});
rmSync(scripts, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
