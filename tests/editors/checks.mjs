// What the checks of several editors share: the project that is edited, the script of the model that chats, and how checks are told.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const source = `using System;

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
const rewritten = '```csharp\n    public int Total() => _prices[0] + _prices[1];\n```\nWith this it is shorter.';

/** A type of the same project that the source does not import, a member that begins with nothing of it, and what the scripted model goes on with. */
export const shelf = 'namespace Shop.Storage;\n\npublic class Shelf(int places)\n{\n    public int Places => places;\n}\n';
export const spare = '    public object Spare => ';
export const needing = 'new Shelf(3);';
const imported = 'using System;\nusing Shop.Storage;\n';

/** The source with a member below its first property, and with what that needs where it needs something. */
export const withMember = (member, needs = false) => source.replace('_prices.Length;\n', `_prices.Length;\n${member}\n`).replace('using System;\n', needs ? imported : 'using System;\n');

/** A sentence of the scripted answer for the question "Why is it slow", and what only the rewritten member holds. */
export const answered = 'It **adds** each price';
export const thought = 'The loop is the answer.';
export const changed = '_prices[0] + _prices[1]';

// The first that stands in the prompt is taken; a conversation holds the questions before.
const rules = [
  { when: 'object Spare', say: needing, completes: true },
  { when: 'object Late', say: needing, completes: true, after: 'go' },
  { when: 'without end', say: 'And on and on', neverEnds: true },
  { when: 'And the other', say: 'The other is *faster*.' },
  { when: 'Why is it slow', say: `${answered}:\n\n\`\`\`csharp\nvar x = 1;\n\`\`\`\n`, think: thought },
  { when: 'Explain', say: 'It is a sum.' },
  { when: 'shorter', say: rewritten },
  { when: 'Total', say: rewritten },
];

/** A folder with a project in it, a script for the scripted program, and homes of its own for whatever keeps state. */
export class Playground {
  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'gptoss-editor-'));
    this.folder = join(this.root, 'Shop');
    this.file = join(this.folder, 'Basket.cs');
    mkdirSync(this.folder);
    this.write('Shop/Basket.cs', source);
    this.write('Shop/Shop.csproj', project);
    this.write('Shop/Storage/Shelf.cs', shelf);
    this.script = this.write('rules.json', JSON.stringify(rules.map((rule) => (rule.after ? { ...rule, after: join(this.root, rule.after) } : rule))));
    this.environment = { GPTOSS_SCRIPT: this.script };
    for (const kind of ['CONFIG', 'DATA', 'STATE', 'CACHE']) {
      this.environment[`XDG_${kind}_HOME`] = join(this.root, kind.toLowerCase());
      mkdirSync(this.environment[`XDG_${kind}_HOME`]);
    }

    this.environment.HOME = this.root;
    // What .NET needs to be told where there is no home.
    this.environment.DOTNET_CLI_HOME = this.root;
  }

  /** Writes a file below the root; returns its path. */
  write(name, text) {
    const path = join(this.root, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Lets the scripted model say what it holds back. */
  letGo() {
    this.write('go', '');
  }

  /** Has it hold that back again. */
  holdBack() {
    ['go', 'go.awaited'].forEach((name) => rmSync(join(this.root, name), { force: true }));
  }

  /** Whether it was asked since for what it holds back. */
  get isAwaited() {
    return existsSync(join(this.root, 'go.awaited'));
  }

  remove() {
    rmSync(this.root, { recursive: true, force: true });
  }
}

let failed = 0;
const givesUpAfter = 3;

/** Runs checks one after another on one editor; each is a line STATUS<tab>NAME. */
export async function run(label, editor, checks) {
  const before = failed;
  try {
    for (const [title, check] of Object.entries(checks)) {
      if (failed - before >= givesUpAfter) {
        failed++;
        console.log(`failed\t${label}${title}: not tried after so many failures`);
        continue;
      }

      try {
        await check(editor);
        console.log(`passed\t${label}${title}`);
      } catch (problem) {
        failed++;
        console.log(`failed\t${label}${title}`);
        console.error(`${label}${title}: ${problem.stack}\n${editor.report()}`);
      }
    }
  } finally {
    await editor.close();
  }
}

/** The exit code for all that ran. */
export const exitCode = () => (failed === 0 ? 0 : 1);
