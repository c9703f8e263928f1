#!/bin/sh
# run.sh: drives Debian's chromium through the dashboard over the demonstration data.
# usage: run.sh DEFUSE-BINARY [TEST…]     (names of *.test.mjs without the ending)
#        run.sh DEFUSE-BINARY shots       renews docs/img
# Skips with a line when node, chromium or the two npm packages cannot be had.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
defuse=$(realpath "$1")
shift
skip() {
    echo "SKIP browser: $1"
    echo "browser: 0 passed, 0 failed"
    exit 0
}
command -v node >/dev/null 2>&1 && command -v chromium >/dev/null 2>&1 ||
    "$root/tools/setup.sh" browser >/dev/null 2>&1 || skip "node and chromium could not be installed"
command -v node >/dev/null 2>&1 || skip "there is no node"
command -v chromium >/dev/null 2>&1 || skip "there is no chromium"
modules="$root/build/browser/node_modules"
if [ ! -d "$modules/playwright-core" ] || [ ! -d "$modules/axe-core" ]; then
    mkdir -p "$root/build/browser"
    cp "$here/package.json" "$here/package-lock.json" "$root/build/browser/"
    (cd "$root/build/browser" && timeout 240 npm ci --no-audit --no-fund --ignore-scripts --fetch-retries=1 >npm.log 2>&1) ||
        skip "npm could not fetch playwright-core and axe-core (build/browser/npm.log)"
fi
program=main.mjs
[ "${1-}" = shots ] && program=shots.mjs
DEFUSE=$defuse NODE_MODULES=$modules exec node "$here/$program" "$@"
