#!/bin/sh
# setup.sh: installs what is missing for a group of tasks, through apt where there is one.
# usage: setup.sh GROUP…      groups: build, test, browser, bench (see tools/packages.txt)
# Anywhere else it names the missing packages and stops: nothing half-runs.
set -eu
here=$(dirname "$0")
missing=
for group in "$@"; do
    for package in $(awk -F'\t' -v g="$group" '$1 == g { print $2 }' "$here/packages.txt"); do
        if command -v dpkg-query >/dev/null 2>&1 &&
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ]; then
            continue
        fi
        missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
    echo "defuse needs these packages (Debian 12 names):$missing" >&2
    if command -v apt-get >/dev/null 2>&1; then
        echo "Install them with:  sudo apt-get install$missing" >&2
    else
        echo "There is no apt-get here; install their equivalents, then run make again." >&2
    fi
    exit 1
fi
echo "Installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
try() {
    apt-get install -y --no-install-recommends $missing >"$log" 2>&1
}
if ! try; then
    apt-get update >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    try || { tail -n 20 "$log" >&2; echo "The packages could not be installed." >&2; exit 1; }
fi
