#!/bin/sh
# accuracy.sh DEFUSE CORPORA: the tables of docs/accuracy.md: five-fold cross-validation, each file
# left out in turn, and the method on labels that are not shipped. Some minutes on one processor.
set -eu
defuse=$1
corpora=$2

# The columns of `rules train --check` as people read them.
table() {
    awk -F '\t' -v what="$1" '
        NR == 1 { printf "\n%s\n\n", what
                  printf "%-18s %-12s %6s | %-29s | %-29s | %s\n", "", "", "", "phrase weights alone",
                         "whole analyzer", "linear model"
                  printf "%-18s %-12s %6s | %5s %5s %5s %5s %5s | %5s %5s %5s %5s %5s |\n", "file",
                         "attribute", "posts", "P", "R", "F1", "macro", "acc", "P", "R", "F1",
                         "macro", "acc"
                  next }
        { printf "%-18s %-12s %6s | %5s %5s %5s %5s %5s | %5s %5s %5s %5s %5s | %s\n", $1, $2, $3, $4,
                 $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
          if ($15 != "") printf "%-18s %s\n", "", $15 }'
}

for lang in en zh; do
    "$defuse" rules train "learn/$lang.yaml" --corpora "$corpora" --check 5 |
        table "$lang: five-fold cross-validation"
    "$defuse" rules train "learn/$lang.yaml" --corpora "$corpora" --check files |
        table "$lang: each file left out in turn (a brand never seen)"
done
for task in learn/tasks/*.yaml; do
    "$defuse" rules train "$task" --corpora "$corpora" --check 5 |
        table "$(basename "$task" .yaml): five-fold cross-validation"
done

# The same posts in the other script must be judged alike. (The weights have seen these posts; the
# difference between the two lines is what is measured.)
negative_f1() {
    cut -f 2 "$1" | ${2:-cat} | tr '\\"\001-\011\013-\037' ' ' |
        sed 's/.*/{"text":"&"}/' | "$defuse" analyze --brief | cut -f 1 | paste "$1" - |
        awk -F '\t' '{ gold = $1 == "negative"; said = $NF ~ /"sentiment":"negative"/
            hit += gold && said; n += gold + said } END { printf "%.4f\n", n ? 2 * hit / n : 0 }'
}
if command -v opencc >/dev/null; then
    printf '\nscript swap: negative F1 as written, and after OpenCC\n\n'
    for pair in zh_htl:s2twp zh_weibo:s2twp zht_gmaps_dev:t2s yue_openrice:t2s; do
        file=$corpora/${pair%:*}.tsv
        printf '%-18s %-6s %s %s\n' "${pair%:*}" "${pair#*:}" "$(negative_f1 "$file")" \
            "$(negative_f1 "$file" "opencc -c ${pair#*:}")"
    done
else
    echo 'SKIP script swap: opencc is not installed'
fi
