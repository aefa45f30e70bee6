#!/usr/bin/env bash
# Installs the workbench of Visual Studio Code into the folder $1, once. No script of a package runs but those named here.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$1
stamp=$cache/installed
if [[ -f $stamp ]] && cmp -s "$stamp" "$here/package-lock.json"; then
  exit 0
fi

mkdir -p "$cache"
cp "$here/package.json" "$here/package-lock.json" "$cache"
npm --prefix "$cache" ci --ignore-scripts --no-progress --loglevel=error
workbench=$cache/node_modules/code-server/lib/vscode
npm --prefix "$workbench" install --ignore-scripts --omit=dev --no-progress --loglevel=error

# The native parts are built here; the headers that belong to this Node.js are beside it.
headers=$(node -p 'require("node:path").dirname(require("node:path").dirname(process.execPath))')
[[ -f $headers/include/node/node.h ]] || { echo "Node.js' headers are missing: install them (Debian: libnode-dev)." >&2; exit 1; }
for module in node-pty @vscode/spdlog native-watchdog kerberos; do
  (cd "$workbench/node_modules/$module" && node "$cache/node_modules/node-gyp/bin/node-gyp.js" rebuild --nodedir="$headers" >"$cache/build.log" 2>&1) \
    || { tail -n 20 "$cache/build.log" >&2; echo "$module could not be built (Debian: g++ make python3 libkrb5-dev)." >&2; exit 1; }
done
mkdir -p "$workbench/node_modules/@vscode/ripgrep/bin"
ln -sf "$(command -v rg)" "$workbench/node_modules/@vscode/ripgrep/bin/rg"
cp "$here/package-lock.json" "$stamp"
