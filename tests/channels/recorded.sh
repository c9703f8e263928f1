#!/bin/sh
# recorded.sh: real answers, kept outside the project, through `defuse extract`. Each file gives
# posts, or one clear line why not; a crash, a hang or a sanitizer report is a failure. Feeds with
# a .serde.json beside them (another reader's result) are compared item by item count.
# usage: DEFUSE=binary recorded.sh FOLDER        VERBOSE=1 lists every file, TRIED=1 writes tried.tsv
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
passed=0 failed=0
count() { # lines of $tmp/out that hold the key
    grep -c "\"$1\":" "$tmp/out"
}
printf '%-14s %-14s %6s %6s %6s %6s %6s %6s %6s %6s\n' \
    folder channel files posts texts dates stars names urls told
tab=$(printf '\t')
while IFS=$tab read -r dir channel args; do
    case $dir in '#'* | '') continue ;; esac
    [ -d "$folder/$dir" ] || continue
    files=0 posts=0 texts=0 dates=0 stars=0 names=0 urls=0 told=0
    for f in "$folder/$dir"/*; do
        case $f in *.serde.json | *.md) continue ;; esac
        files=$((files + 1))
        eval "set -- $args"
        timeout 60 "$DEFUSE" extract "$channel" "$@" <"$f" >"$tmp/out" 2>"$tmp/err"
        status=$?
        n=$(wc -l <"$tmp/out")
        lines=$(wc -l <"$tmp/err")
        bad=
        [ "$status" -le 1 ] || bad="exit status $status"
        grep -q 'Sanitizer\|runtime error' "$tmp/err" && bad="sanitizer report"
        [ "$lines" -le 1 ] || bad="more than one line of error"
        [ "$status" -eq 0 ] || [ "$lines" -ge 1 ] || bad="failed without a word"
        oracle=${f%.*}.serde.json
        if [ -f "$oracle" ]; then
            want=$(sed 's/.*"entries"://' "$oracle" | grep -o '{"id":' | wc -l)
            [ "$want" -eq "$n" ] || bad="another reader finds $want items, this one $n"
        fi
        posts=$((posts + n)) texts=$((texts + n - $(grep -c '"text":""' "$tmp/out")))
        dates=$((dates + $(count created))) stars=$((stars + $(count stars)))
        names=$((names + $(count author))) urls=$((urls + $(count url)))
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
    [ "${TRIED:-}" ] && [ "$files" -gt 0 ] && printf '%s\t%d\t%d\n' "$channel" $files $posts >>"$tmp/tried"
    printf '%-14s %-14s %6d %6d %6d %6d %6d %6d %6d %6d\n' \
        "$dir" "$channel" $files $posts $texts $dates $stars $names $urls $told
done <"$here/recorded.tsv"
if [ "${TRIED:-}" ]; then
    { echo "# channel	real answers it was tried on	posts found in them"; sort "$tmp/tried"; } >"$here/tried.tsv"
fi
echo "(told: files answered with one line that says what is wrong)"
echo "check-recorded: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
