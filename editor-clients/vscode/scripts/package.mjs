// Makes the .vsix: node scripts/package.mjs [--server PUBLISHED-FOLDER] [--target PLATFORM] [--out FILE].
// With --server the published program goes into the package, which then belongs to one platform.
import { cp, copyFile, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import './build.mjs';

const { values } = parseArgs({ options: { server: { type: 'string' }, target: { type: 'string' }, out: { type: 'string' } } });
if (values.server && !values.target) {
  throw new Error('A package with the program in it belongs to one platform: add --target, for instance linux-x64.');
}

await rm('server', { recursive: true, force: true });
try {
  await copyFile('../../LICENSE', 'LICENSE');
  if (values.server) {
    await cp(values.server, 'server', { recursive: true });
  }

  await createVSIX({ dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false, target: values.target, packagePath: values.out });
} finally {
  await rm('LICENSE', { force: true });
  await rm('server', { recursive: true, force: true });
}
