// Bundles the extension and the chat's page into dist/.
import { build } from 'esbuild';

const shared = { bundle: true, minify: true, legalComments: 'linked', logLevel: 'warning', target: 'es2022' };
await build({ ...shared, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', platform: 'node', format: 'cjs', external: ['vscode'], sourcemap: true });
await build({ ...shared, entryPoints: ['src/page/chat.ts'], outfile: 'dist/chat.js', platform: 'browser', format: 'iife' });
