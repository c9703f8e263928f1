#!/bin/sh
# recorded.sh: real answers, kept outside the project, through `defuse extract`. Each file gives
# posts, or one clear line why not; a crash, a hang or a sanitizer report is a failure. What is found
# is compared with a count made without the product's code (tests/tools/count_items.c): as many
# posts as items, and text, date, author, stars where an item has them; recorded-known.tsv holds
# the few files where another number is right, and why. Feeds with a .serde.json beside them
# (another reader's result) are compared with that, too.
# usage: DEFUSE=binary COUNT=count_items recorded.sh FOLDER
#        VERBOSE=1 lists every file, TRIED=1 writes tried.tsv
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=$1
if [ ! -d "$folder" ]; then
    echo "SKIP check-recorded: there is no folder $folder"
    echo "check-recorded: 0 passed, 0 failed"
    exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset DEFUSE_CONFIG
export LC_ALL=C.UTF-8 DEFUSE_DATA="$root" HOME="$tmp" XDG_CONFIG_HOME="$tmp"
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
passed=0 failed=0 unsure=0
# posts, with text, dates, authors, stars, urls of what was found
found() {
    awk '{ n++; t += !/"text":""/; d += /"created":/; a += /"author":/; s += /"stars":/; u += /"url":/ }
         END { print n + 0, t + 0, d + 0, a + 0, s + 0, u + 0 }' "$tmp/out"
}
counted() { # channel, file
    if [ "$(head -c 2 "$2" | od -An -tx1 | tr -d ' \n')" = 1f8b ]; then
        gzip -dc "$2" 2>/dev/null | "$COUNT" "$1"
    else
        "$COUNT" "$1" <"$2"
    fi
}
# items that could not be read are told of, and count as told
compare() {
    told_items=$(sed -n 's/.*: \([0-9]*\) items\{0,1\} could not be read.*/\1/p' "$tmp/err")
    known=$(awk -F'\t' -v f="$dir/${f##*/}" '$1 == f { print $2 }' "$here/recorded-known.tsv")
    echo "$want $got ${told_items:-0} ${known:-0}" | awk '{
        split("posts texts dates authors stars", what, " ")
        short = $12 + $13
        for (i = 1; i <= 5; i++)
            if ($i > $(i + 5) + short || (i == 1 && $6 > $1 + 0))
                { printf "%d %s where another count finds %d", $(i + 5), what[i], $i; exit }
    }'
}
printf '%-14s %-14s %6s %6s %6s %6s %6s %6s %6s %6s\n' \
    folder channel files posts texts dates stars names urls told
tab=$(printf '\t')
while IFS=$tab read -r dir channel args; do
    case $dir in '#'* | '') continue ;; esac
    [ -d "$folder/$dir" ] || continue
    files=0 told=0
    : >"$tmp/sums"
    for f in "$folder/$dir"/*; do
        case $f in *.serde.json | *.md) continue ;; esac
        files=$((files + 1))
        eval "set -- $args"
        timeout 60 "$DEFUSE" extract "$channel" "$@" <"$f" >"$tmp/out" 2>"$tmp/err"
        status=$?
        lines=$(wc -l <"$tmp/err")
        got=$(found)
        n=${got%% *}
        bad=
        [ "$status" -le 1 ] || bad="exit status $status"
        grep -q 'Sanitizer\|runtime error' "$tmp/err" && bad="sanitizer report"
        [ "$lines" -le 1 ] || bad="more than one line of error"
        [ "$status" -eq 0 ] || [ "$lines" -ge 1 ] || bad="failed without a word"
        [ "$n" -gt 0 ] || [ "$lines" -ge 1 ] || bad="neither posts nor a word"
        oracle=${f%.*}.serde.json
        if [ -f "$oracle" ]; then
            want=$(sed 's/.*"entries"://' "$oracle" | grep -o '{"id":' | wc -l)
            [ "$want" -eq "$n" ] || bad="another reader finds $want items, this one $n"
        fi
        want=$(counted "$channel" "$f")
        if [ "$want" = - ]; then
            unsure=$((unsure + 1))
        elif [ -z "$bad" ]; then
            bad=$(compare)
        fi
        echo "$got" >>"$tmp/sums"
        [ "$lines" -gt 0 ] && told=$((told + 1))
        if [ "$bad" ]; then
            failed=$((failed + 1))
            echo "FAILED $dir/${f##*/}: $bad"
            head -n 20 "$tmp/err"
        else
            passed=$((passed + 1))
            [ "${VERBOSE:-}" ] && echo "  $n posts  $dir/${f##*/}  $(head -c 200 "$tmp/err")"
        fi
    done
    awk -v dir="$dir" -v ch="$channel" -v files=$files -v told=$told -v tried="$tmp/tried" '
        { for (i = 1; i <= 6; i++) s[i] += $i }
        END {
            printf "%-14s %-14s %6d %6d %6d %6d %6d %6d %6d %6d\n", \
                dir, ch, files, s[1], s[2], s[3], s[5], s[4], s[6], told
            if (files) printf "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", ch, files, s[1], s[2], s[3], s[4], s[5] >> tried
        }' "$tmp/sums"
done <"$here/recorded.tsv"
if [ "${TRIED:-}" ]; then
    { echo "# channel	real answers it was tried on	posts found in them	with text	date	author	stars"
      sort "$tmp/tried"; } >"$here/tried.tsv"
fi
echo "(told: files answered with one line that says what is wrong; $unsure could not be counted otherwise)"
echo "check-recorded: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
