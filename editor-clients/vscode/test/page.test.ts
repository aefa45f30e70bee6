import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { toHtml } from '../src/page/markdown';

describe('answers as HTML', () => {
  test('what the model writes as HTML is shown, not run', () => {
    const html = toHtml('<img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))');
    assert.doesNotMatch(html, /<img|<script|href="javascript/);
    assert.match(html, /&lt;script&gt;/);
  });

  test('a picture is never fetched', () => assert.doesNotMatch(toHtml('![x](https://example.org/x.png)'), /<img/));

  test('code keeps every character, coloured or not', () => {
    for (const language of ['csharp', 'brainfuck', '']) {
      const html = toHtml(`\`\`\`${language}\nif (a < b && c) { }\n\`\`\`\n`);
      const text = html.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
      assert.equal(text.trim(), 'if (a < b && c) { }');
    }

    assert.match(toHtml('```csharp\nreturn 1;\n```'), /hljs-keyword/);
  });

  test('a fence that is still being written is already code', () => assert.match(toHtml('So:\n```csharp\nreturn'), /<pre>/));
});

test('the manifest and the code name the same commands', () => {
  const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
  const manifest = JSON.parse(read('package.json')) as { contributes: { commands: { command: string }[] } };
  const handled = [...read('src/commands.ts').matchAll(/^ {4}'(gptOss\.\w+)':/gm)].map((match) => match[1]);
  assert.deepEqual(manifest.contributes.commands.map((command) => command.command).sort(), handled.sort());
});
