#!/usr/bin/env bash
# Unpacks packages of a Debian release, with all that they need, into a folder of their own: debian.sh FOLDER RELEASE PACKAGE...
# The machine's own packages stay as they are. The mirror is the one that the machine's apt uses.
# Programs in the folder get its loader and its libraries, so that they run on an older system; what they start runs as ever.
set -euo pipefail
tree=$(realpath -m "$1") release=$2
shift 2

[[ $(dpkg --print-architecture) == amd64 ]] || { echo "Only amd64 was tried." >&2; exit 1; }
stamp=$tree/.unpacked
[[ $(cat "$stamp" 2>/dev/null) == "$release $*" ]] && exit 0

mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(CODENAME)' 'Created-By: Packages' | awk '$2 == "Debian" && $3 !~ /security/ { print $1; exit }')
[[ -n $mirror ]] || { echo "apt knows no Debian mirror." >&2; exit 1; }
rm -rf "$tree"
apt=$tree/.apt
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$apt/sources.list"
options=(
  -qq -o "Dir::State=$apt/state" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
  -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "APT::Sandbox::User=$(id -un)"
)
apt-get "${options[@]}" update >&2
apt-get "${options[@]}" install --yes --no-install-recommends --download-only "$@" patchelf >&2
for package in "$apt"/cache/archives/*.deb; do
  dpkg-deb --extract "$package" "$tree"
done
rm -rf "$apt"

# A program that starts itself anew (as Neovim does) has to be one that the system can start.
libraries=$tree/usr/lib/x86_64-linux-gnu
loader=$libraries/ld-linux-x86-64.so.2
cp "$tree/usr/bin/patchelf" "$tree/.patchelf"
find "$tree/usr" -path "$libraries" -prune -o -type f -perm -u+x -print | while read -r program; do
  if [[ $(head -c 4 "$program") == $'\x7fELF' ]]; then
    "$loader" --library-path "$libraries" "$tree/.patchelf" --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$program" 2>/dev/null || true
  fi
done
echo "$release $*" >"$stamp"
