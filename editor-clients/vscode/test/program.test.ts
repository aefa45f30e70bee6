import assert from 'node:assert/strict';
import * as path from 'node:path';
import { describe, test } from 'node:test';
import { findProgram, isProgram, type Surroundings } from '../src/program';

const at = (...parts: string[]) => path.posix.join('/', ...parts);

function around(change: Partial<Surroundings>, ...programs: string[]): Surroundings {
  return { setting: '', extensionFolder: at('ext'), env: {}, platform: 'linux', isProgram: (file) => programs.includes(file), ...change };
}

describe('findProgram', () => {
  test('takes the program that the person named, though others are there', () => {
    const found = findProgram(around({ setting: at('my', 'program'), env: { PATH: at('bin') } }, at('my', 'program'), at('bin', 'gptoss-codeassist')));
    assert.deepEqual(found, { command: at('my', 'program'), args: [] });
  });

  test('starts a .dll with dotnet', () => {
    const dll = at('my', 'gptoss-codeassist.dll');
    assert.deepEqual(findProgram(around({ setting: dll }, dll)), { command: 'dotnet', args: [dll] });
  });

  test('understands ~ in the setting', () => {
    assert.equal(findProgram(around({ setting: '~/program', env: { HOME: at('home') } }, at('home', 'program'))).command, at('home', 'program'));
  });

  test('refuses a named program that is not there instead of starting another', () => {
    assert.throws(() => findProgram(around({ setting: at('gone'), env: { PATH: at('bin') } }, at('bin', 'gptoss-codeassist'))), /gptOss\.server\.path/);
  });

  test('refuses a relative path: it would depend on the folder', () => {
    assert.throws(() => findProgram(around({ setting: 'bin/program', isProgram: () => true })), /full path/);
  });

  test('prefers the program in the extension to the PATH', () => {
    const inside = at('ext', 'server', 'gptoss-codeassist');
    assert.equal(findProgram(around({ env: { PATH: at('bin') } }, inside, at('bin', 'gptoss-codeassist'))).command, inside);
  });

  test('looks along the PATH, but never in the folder that happens to be current', () => {
    assert.equal(findProgram(around({ env: { PATH: `.:${at('a')}:${at('b')}` } }, 'gptoss-codeassist', at('b', 'gptoss-codeassist'))).command, at('b', 'gptoss-codeassist'));
  });

  test('says what to do when there is none', () => {
    assert.throws(() => findProgram(around({ env: { PATH: at('bin') } })), /build it, and give its full path/);
  });

  test('looks for .exe along the Path on Windows', () => {
    const program = 'C:\\bin\\gptoss-codeassist.exe';
    assert.equal(findProgram({ ...around({ extensionFolder: 'C:\\ext', env: { Path: 'D:\\a;C:\\bin' }, platform: 'win32' }, program) }).command, program);
  });
});

test('a program is a file that may be started', () => {
  assert.equal(isProgram(process.execPath), true);
  assert.equal(isProgram(path.dirname(process.execPath)), false);
  assert.equal(isProgram(at('surely', 'not', 'there')), false);
});
