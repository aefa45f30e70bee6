// Where the program lies, and how it is started. Knows nothing of the editor.
import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

export interface Program {
  command: string;
  /** Come before the verb. */
  args: string[];
}

export interface Surroundings {
  /** The setting; empty for none. */
  setting: string;
  /** Where the extension is installed. */
  extensionFolder: string;
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  isProgram: (file: string) => boolean;
}

const name = 'gptoss-codeassist';

/**
 * The program that the person named, or else the one in the extension, or else the one on the PATH.
 * @throws Error in a sentence that says what to do.
 */
export function findProgram(around: Surroundings): Program {
  const path = around.platform === 'win32' ? win32 : posix;
  const setting = around.setting.trim();
  if (setting !== '') {
    const file = setting.startsWith('~/') ? path.join(around.env['HOME'] ?? '', setting.slice(2)) : setting;
    if (!path.isAbsolute(file) || !around.isProgram(file)) {
      throw new Error(`There is no program ${file}: give the full path of gptoss-codeassist in the setting gptOss.server.path.`);
    }

    return file.endsWith('.dll') ? { command: 'dotnet', args: [file] } : { command: file, args: [] };
  }

  const executable = around.platform === 'win32' ? `${name}.exe` : name;
  const separator = around.platform === 'win32' ? ';' : ':';
  const folders = (around.env['PATH'] ?? around.env['Path'] ?? '').split(separator).filter((folder) => path.isAbsolute(folder));
  const found = [path.join(around.extensionFolder, 'server'), ...folders].map((folder) => path.join(folder, executable)).find(around.isProgram);
  if (found === undefined) {
    throw new Error('gptoss-codeassist was not found on the PATH: build it, and give its full path in the setting gptOss.server.path.');
  }

  return { command: found, args: [] };
}

/** Whether a file is there that this user may start; a .dll need only be there. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, file.endsWith('.dll') ? constants.R_OK : constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
