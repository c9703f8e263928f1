#!/bin/sh
# run.sh: the shipped rules against labelled posts: ours (invented, with floors), and, where the folder
# is there, development posts labelled by people (figures only).
# usage: DEFUSE=binary run.sh [--corpora DIR] [--also FILE.tsv]
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C.UTF-8
corpora='' also=''
while [ $# -gt 0 ]; do
    case $1 in
    --corpora) corpora=$2; shift ;;
    --also) also=$2; shift ;;
    *) echo "run.sh: unknown word $1" >&2; exit 2 ;;
    esac
    shift
done

# posts FILE: the last column of each row as JSON Lines with nothing but the text
posts() {
    awk -F '\t' '!/^#/ { t = $NF; gsub(/\\/, "\\\\", t); gsub(/"/, "\\\"", t); gsub(/[\001-\037]/, " ", t)
                         printf "{\"text\":\"%s\"}\n", t }' "$1"
}

# score SET FILE [FLOORS]
score() {
    posts "$2" >"$tmp/posts"
    "$DEFUSE" analyze --brief <"$tmp/posts" >"$tmp/verdicts" || echo "FAILED analyze"
    awk -v set="$1" -v floors="${3:-}" -f "$here/score.awk" "$2" "$tmp/verdicts" >"$tmp/out"
    grep -v '^TOTAL' "$tmp/out"
    grep '^TOTAL' "$tmp/out" >>"$tmp/totals"
}

for set in en hans hant danger danger-unseen; do
    score "$set" "$here/$set.tsv" "$here/floors.tsv"
done

# What is never learned from must stand in nothing that is.
cut -f 2 "$here/danger-unseen.tsv" | sort >"$tmp/unseen"
cat "$here"/../../learn/dangers/*.tsv "$here/danger.tsv" "$here/plain.tsv" | cut -f 2 | sort -u >"$tmp/learned"
if [ "$(comm -12 "$tmp/unseen" "$tmp/learned" | wc -l)" -eq 0 ]; then
    echo 'TOTAL 1 0' >>"$tmp/totals"
else
    comm -12 "$tmp/unseen" "$tmp/learned" | sed 's/^/FAILED danger-unseen is learned from: /'
    echo 'TOTAL 0 1' >>"$tmp/totals"
fi
[ -z "$also" ] || score also "$also"
if [ -n "$corpora" ] && [ -d "$corpora" ]; then
    for set in en hans hant; do
        score "dev-$set" "$corpora/people_$set.tsv"
    done
else
    echo "SKIP people: no folder of labelled development posts"
fi
awk '{ p += $2; f += $3 } END { printf "check-people: %d passed, %d failed\n", p, f; exit f > 0 }' "$tmp/totals"
