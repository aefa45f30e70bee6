import assert from 'node:assert/strict';
import { describe as suite, test } from 'node:test';
import { append, type Turn } from '../src/chat/messages';
import { parseMessage, slashCommands } from '../src/chat/slash';
import { describeModel } from '../src/modelText';
import { isOffered, programSettings, toggled, whatWasSet } from '../src/settings';
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
  });
});

suite('settings', () => {
  const sections = [
    { id: 'gptOss.editor', properties: { 'gptOss.server.path': {} } },
    { id: 'gptOss.program', properties: { 'gptOss.model': { tags: ['restart'] }, 'gptOss.completion.maxLines': {}, 'gptOss.slots': { tags: ['restart'] } } },
  ];

  test('those of the program are those of its section, and know when they count', () => {
    const settings = programSettings(sections);
    assert.deepEqual(settings.map((setting) => setting.key), ['model', 'completion.maxLines', 'slots']);
    assert.deepEqual(settings.map((setting) => setting.restarts), [true, false, true]);
  });

  test('the program hears of what was set, wherever, and of no default', () => {
    const places: Record<string, { defaultValue: unknown; globalValue?: unknown; workspaceValue?: unknown }> = {
      'model': { defaultValue: 'starter', globalValue: 'gpt-oss-20b' },
      'completion.maxLines': { defaultValue: 12, workspaceValue: 12 },
      'slots': { defaultValue: 4 },
    };
    const settings = {
      inspect: (key: string) => ({ key, ...places[key] }),
      get: (key: string) => places[key]?.globalValue ?? places[key]?.workspaceValue ?? places[key]?.defaultValue,
    } as unknown as Parameters<typeof whatWasSet>[1];
    assert.deepEqual(whatWasSet(Object.keys(places), settings), { 'model': 'gpt-oss-20b', 'completion.maxLines': 12 });
  });
});

suite('models', () => {
  test('a list says what is here, what it can do and what is wrong', () => {
    const one = { name: 'm', path: '/m.gguf', bytes: 39_857_600, inUse: true, canChat: false, problem: null };
    assert.deepEqual(describeModel(one), { label: '$(check) m', description: '40 MB, completes' });
    assert.deepEqual(describeModel({ ...one, inUse: false, canChat: true, bytes: 12_109_566_624 }), { label: 'm', description: '12.1 GB, completes, chats and changes code' });
    assert.match(describeModel({ ...one, path: null }).description, /not here/);
    assert.match(describeModel({ ...one, problem: 'It is truncated.' }).description, /It is truncated\./);
  });
});
