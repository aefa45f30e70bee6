// Checks of the Neovim client that need no Neovim; counted as tests by Node.js' runner. With --write the files are formatted instead.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { CollapseSimpleStatement, Config, formatCode, IndentType, LuaVersion, OutputVerification, QuoteStyle } from '@johnnymorganz/stylua';
import luaparse from 'luaparse';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.lua') && !file.startsWith('check')).sort();
const read = (file) => readFileSync(join(root, file), 'utf8');

/** The same as in `.stylua.toml`, for those who have StyLua in their editor. */
function style() {
  const config = Config.new();
  config.syntax = LuaVersion.LuaJIT;
  config.column_width = 160;
  config.indent_type = IndentType.Spaces;
  config.indent_width = 2;
  config.quote_style = QuoteStyle.AutoPreferSingle;
  config.collapse_simple_statement = CollapseSimpleStatement.Always;
  return config;
}

const format = (code) => formatCode(code, style(), undefined, OutputVerification.Full);

if (process.argv.includes('--write')) {
  for (const file of files) {
    writeFileSync(join(root, file), format(read(file)));
  }

  process.exit();
}

// What LuaJIT in Neovim has without a require.
const known = new Set('vim require ipairs pairs type tostring tonumber unpack string table math os pcall error assert rawget select setmetatable coroutine next'.split(' '));

/** Every local name that is declared and never read, and every global that nobody knows. */
function names(code) {
  const scopes = [];
  const unused = [];
  const unknown = [];
  const find = (name) => scopes.findLast((scope) => scope.has(name))?.get(name);
  luaparse.parse(code, {
    luaVersion: 'LuaJIT',
    scope: true,
    locations: true,
    onCreateScope: () => scopes.push(new Map()),
    onDestroyScope: () => unused.push(...[...scopes.pop()].filter(([name, uses]) => uses.count === 0 && !name.startsWith('_')).map(([name]) => name)),
    onLocalDeclaration: (name) => scopes.at(-1).set(name, { count: 0 }),
    onCreateNode: (node) => {
      if (node.type === 'Identifier') {
        const uses = find(node.name);
        if (uses !== undefined) {
          uses.count++;
        } else if (node.isLocal === false && !known.has(node.name)) {
          unknown.push(`${node.name} in line ${node.loc.start.line}`);
        }
      }
    },
  });
  return { unused, unknown };
}

for (const file of files) {
  test(`${file} is formatted`, () => assert.equal(read(file), format(read(file)), 'npm run format writes it'));
  test(`${file} parses, and uses no name that nobody declares`, () => assert.deepEqual(names(read(file)).unknown, []));
  test(`${file} declares no name that it does not use`, () => assert.deepEqual(names(read(file)).unused, []));
}

test('the client is thin', () => {
  const lines = files.map((file) => read(file).split('\n').length - 1).reduce((sum, count) => sum + count, 0);
  assert.ok(lines < 1500, `${lines} lines`);
});
