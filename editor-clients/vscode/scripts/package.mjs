// Makes the .vsix: npm run package -- [--target PLATFORM [--needs-dotnet | --server FOLDER]] [--out FILE].
// Without a target the extension finds the program on the PATH. With one the program for that platform is published and put into the package:
// whole, or with --needs-dotnet without the .NET runtime. --server takes a program that was published already.
import { execFileSync } from 'node:child_process';
import { cp, copyFile, rm, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import './build.mjs';

/** .NET's names of the platforms. */
const runtimes = { 'linux-x64': 'linux-x64', 'linux-arm64': 'linux-arm64', 'win32-x64': 'win-x64', 'darwin-x64': 'osx-x64', 'darwin-arm64': 'osx-arm64' };
const { values } = parseArgs({ options: { target: { type: 'string' }, 'needs-dotnet': { type: 'boolean' }, server: { type: 'string' }, out: { type: 'string' } } });
const { target, server } = values;
const runtime = runtimes[target];
if ((target || server) && !runtime) {
  throw new Error(`A package with the program in it belongs to one platform: --target ${Object.keys(runtimes).join(', ')}.`);
}

const packagePath = values.out ?? `gptoss-codeassist${target ? `-${target}` : ''}.vsix`;
await rm('server', { recursive: true, force: true });
try {
  await copyFile('../../LICENSE', 'LICENSE');
  if (server) {
    await cp(server, 'server', { recursive: true });
  } else if (target) {
    const kind = values['needs-dotnet'] ? '--no-self-contained' : '--self-contained';
    execFileSync('dotnet', ['publish', '../../src/GptOss.CodeAssist.Cli', '-c', 'Release', '-r', runtime, kind, '-o', 'server', '-v', 'quiet', '--nologo'], { stdio: 'inherit' });
  }

  await createVSIX({ dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false, target, packagePath });
  console.log(`${packagePath}: ${((await stat(packagePath)).size / 1e6).toFixed(1)} MB`);
} finally {
  await rm('LICENSE', { force: true });
  await rm('server', { recursive: true, force: true });
}
