#!/bin/sh
# channel-docs.sh: docs/channels.md from the channel packs. usage: channel-docs.sh DEFUSE [--check]
# The table of what was tried on real answers is tests/channels/tried.tsv, written by
# `make check-recorded TRIED=1`.
cd "$(dirname "$0")/.." || exit 2
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
{
    cat <<'X'
# Channels

Made from the packs in `channels/` by `make channel-docs`; do not edit. How to write a pack of one's
own: defuse-channels(5). What `defuse source channels` prints is the same in short.

Every channel takes `base` (or `url`): another host for the same paths, such as a self-hosted instance, a
proxy or a test server. Channels marked *saved files* are never polled: give what you exported or saved
to `defuse import --channel NAME` or `defuse extract NAME`.

The counts are of answers of real sites kept for trying: how many, how many posts were found in them, and
how many of those carry text, a date, the author and stars. A dash: none was at hand; such packs are
tried on the bodies in `tests/channels/bodies/`, written after the documents and clients of the channel.

| channel | how it is reached | real answers | posts | text | date | author | stars |
|---|---|---|---|---|---|---|---|
X
    DEFUSE_DATA=$PWD LC_ALL=C.UTF-8 "$1" source channels --json |
        sed 's/^{"channel":"\([^"]*\)","title":"\([^"]*\)","status":"\([^"]*\)".*/\1\t\2\t\3/' |
        while IFS=$(printf '\t') read -r name title status; do
            case $status in public) how='no key' ;; key) how='your own key' ;; *) how='saved files' ;; esac
            tried=$(awk -F'\t' -v n="$name" 'function part(v) { return $3 ? int(v * 100 / $3 + 0.5) "%" : "–" }
                $1 == n { print $2 " | " $3 " | " part($4) " | " part($5) " | " part($6) " | " ($7 ? part($7) : "–") }' tests/channels/tried.tsv)
            echo "| [$title](#$(echo "$title" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9-')) \`$name\` | $how | ${tried:-– | – | – | – | – | –} |"
        done
    echo
    DEFUSE_DATA=$PWD LC_ALL=C.UTF-8 "$1" source channels --markdown
} >"$tmp"
if [ "${2:-}" = --check ]; then
    diff -u docs/channels.md "$tmp" && exit 0
    echo "docs/channels.md is not what the packs say; run: make channel-docs"
    exit 1
fi
cp "$tmp" docs/channels.md
