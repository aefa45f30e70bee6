import assert from 'node:assert/strict';
import { describe as suite, test } from 'node:test';
import { append, type Turn } from '../src/chat/messages';
import { parseMessage, slashCommands } from '../src/chat/slash';
import { applied, changesOf } from '../src/editFiles';
import { isOffered, toggled } from '../src/languages';
import { forServer } from '../src/settings';
import { describe } from '../src/statusText';

suite('languages', () => {
  test('a language that is not named follows the star', () => {
    assert.equal(isOffered('csharp', { csharp: true, '*': false }), true);
    assert.equal(isOffered('go', { csharp: true, '*': false }), false);
    assert.equal(isOffered('go', { '*': true }), true);
    assert.equal(isOffered('go', {}), false);
  });

  test('switching one leaves the others', () => assert.deepEqual(toggled('go', { csharp: true, '*': true }), { csharp: true, '*': true, go: false }));
});

suite('messages', () => {
  test('a question is a question, with a slash in it too', () => {
    assert.deepEqual(parseMessage(' why? '), { kind: 'question', text: 'why?' });
    assert.deepEqual(parseMessage('is a/b slow?'), { kind: 'question', text: 'is a/b slow?' });
    assert.deepEqual(parseMessage('/ what'), { kind: 'question', text: '/ what' });
    assert.deepEqual(parseMessage('/usr/bin is what?'), { kind: 'question', text: '/usr/bin is what?' });
  });

  test('a command keeps the rest of what was said, over several lines', () => {
    const message = parseMessage('/edit make it\nasync');
    assert.ok(message.kind === 'command');
    assert.equal(message.command.action, 'edit');
    assert.equal(message.rest, 'make it\nasync');
  });

  test('a mistyped command is told, not asked', () => assert.deepEqual(parseMessage('/fux'), { kind: 'unknown', name: 'fux' }));

  test('every command can be typed', () => {
    for (const command of slashCommands) {
      assert.deepEqual(parseMessage(`/${command.name}`), { kind: 'command', command, rest: '' });
    }
  });

  test('pieces of an answer go where they belong', () => {
    const turn: Turn = { id: 1, question: 'q', answer: '', reasoning: '', steps: [], state: 'running' };
    append(turn, { kind: 'reasoning', text: 'hm' });
    append(turn, { kind: 'toolCall', text: 'find_symbol(Foo)' });
    append(turn, { kind: 'toolResult', text: 'class Foo' });
    append(turn, { kind: 'answer', text: 'a' });
    append(turn, { kind: 'answer', text: 'b' });
    append(turn, { kind: 'notice', text: 'cut' });
    assert.deepEqual(turn, { ...turn, answer: 'ab', reasoning: 'hm', steps: ['Looks up find_symbol(Foo)', 'cut'] });
  });
});

suite('edits', () => {
  const range = (line: number, from: number, to: number) => ({ start: { line, character: from }, end: { line, character: to } });

  test('a new file is created and filled, other files keep what is around the edit', () => {
    const files = changesOf({
      documentChanges: [
        { kind: 'create', uri: 'file:///b.cs' },
        { textDocument: { uri: 'file:///b.cs', version: null }, edits: [{ range: range(0, 0, 0), newText: 'class B;\n' }] },
        { textDocument: { uri: 'file:///a.cs', version: 3 }, edits: [{ range: range(1, 4, 7), newText: 'long' }, { range: range(0, 0, 0), newText: '// x\n' }] },
      ],
    });
    assert.deepEqual(files.map((file) => [file.uri, file.isNew, file.version]), [['file:///b.cs', true, undefined], ['file:///a.cs', false, 3]]);
    assert.equal(applied('file:///b.cs', '', files[0]?.edits ?? []), 'class B;\n');
    assert.equal(applied('file:///a.cs', 'a\n    int x;\n', files[1]?.edits ?? []), '// x\na\n    long x;\n');
  });

  test('the short form is understood', () => {
    assert.deepEqual(changesOf({ changes: { 'file:///a.cs': [] } }), [{ uri: 'file:///a.cs', isNew: false, edits: [], version: undefined }]);
  });

  test('what would remove a file is refused', () => {
    assert.throws(() => changesOf({ documentChanges: [{ kind: 'delete', uri: 'file:///a.cs' }] }), /delete/);
  });
});

suite('status', () => {
  const ready = { state: 'ready', model: 'gpt-oss-20b', requestsInFlight: 0, serverVersion: '1' } as const;

  test('loading counts', () => {
    const text = describe({ kind: 'running', status: { ...ready, state: 'loading', loadFraction: 0.407 } });
    assert.equal(text.text, '$(loading~spin) gpt-oss 40 %');
    assert.deepEqual(text.lines, ['The model is loading: 40 %.']);
  });

  test('ready says the model, the language that is off and why nothing was shown', () => {
    const status = { ...ready, lastEmptyAnswer: { code: 'filtered', message: 'It repeats the next line.' } };
    const text = describe({ kind: 'running', status }, 'go', false);
    assert.equal(text.text, '$(circle-slash) gpt-oss');
    assert.deepEqual(text.lines, ['gpt-oss-20b is ready.', 'Completions are off for go.', 'Last time nothing was shown: It repeats the next line.']);
  });

  test('a failure shows its reason and is an error', () => {
    assert.deepEqual(describe({ kind: 'running', status: { ...ready, state: 'failed', problem: 'Not a GGUF file.' } }), { text: '$(error) gpt-oss', lines: ['Not a GGUF file.'], severity: 'error' });
    assert.equal(describe({ kind: 'broken', problem: 'gone' }).severity, 'error');
  });

  test('before anything happened it says how it begins', () => {
    assert.match(describe({ kind: 'idle' }).lines[0] ?? '', /starts with the first/);
    assert.match(describe({ kind: 'starting' }).lines[0] ?? '', /starting/);
    assert.match(describe({ kind: 'running', status: undefined }).lines[0] ?? '', /starting/);
  });
});

test('the server hears of its own settings and of nothing that is empty', () => {
  const settings = { server: { path: 'x' }, model: '', languages: { csharp: true }, trace: { server: 'off' }, chat: { effort: 'low', lookAround: true, maxToolCalls: 3 }, completion: { maxLines: 6, disabledLanguages: ['go'] } };
  assert.deepEqual(forServer(settings), { chat: { maxToolCalls: 3 }, completion: { maxLines: 6, disabledLanguages: ['go'] } });
  assert.equal(forServer(undefined), undefined);
});
