#!/bin/sh
# analyze.sh: figures of the analyzer, and of two others on the same texts in the same run.
# usage: analyze.sh BENCH-BINARY DEFUSE CORPORA WORK-FOLDER
# Texts: the development corpora where they are, else the invented posts of tests/people. The others
# (npm `sentiment`, Hyperscan) are fetched only for this; what cannot be had is named and left out.
bench=$1 defuse=$2 corpora=$3 work=$4
mkdir -p "$work" || exit 1
texts=$work/texts.txt
if [ -d "$corpora" ]; then
    for f in zh_shopping zht_gmaps_dev en_airline en_vader_amazon en_complaints; do
        [ -f "$corpora/$f.tsv" ] && cut -f2 "$corpora/$f.tsv" | awk 'length($0) > 30' | head -n 12000
    done | awk '{ print substr($0, 1, 240) }' | iconv -c -f UTF-8 -t UTF-8 >"$texts"
else
    cut -f2- tests/people/*.tsv | tr '\t' ' ' >"$work/once.txt"
    : >"$texts"
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cat "$work/once.txt"; done >"$texts"
fi
"$bench" "$texts" || exit 1

# Cold start: the median of 21 whole runs on one post.
echo '{"text":"Still no refund after three weeks!"}' >"$work/one.jsonl"
i=0
while [ $i -lt 21 ]; do
    from=$(date +%s%N)
    "$defuse" analyze --brief <"$work/one.jsonl" >"$work/one.out" || exit 1
    echo $((($(date +%s%N) - from) / 1000))
    i=$((i + 1))
done | sort -n | sed -n 11p | awk '{ printf "analyze.cold_start\t%.3g\tms\n", $1 / 1000 }'

tr '\001-\011\013-\037"\\' ' ' <"$texts" | awk '{ print "{\"text\":\"" $0 "\"}" }' >"$work/posts.jsonl"
for jobs in 1 2; do
    from=$(date +%s%N)
    "$defuse" analyze --brief --jobs $jobs <"$work/posts.jsonl" >"$work/verdicts.jsonl" || exit 1
    to=$(date +%s%N)
    awk -v n="$(wc -l <"$work/posts.jsonl")" -v ns=$((to - from)) -v j=$jobs \
        'BEGIN { printf "analyze.command.jobs%d\t%.4g\tMposts/s\n", j, n / ns * 1000 }'
done

if command -v npm >/dev/null && (cd "$work" && { [ -d node_modules/sentiment ] ||
    npm install --silent --no-fund --no-audit --no-save sentiment@5.0.2 >/dev/null 2>&1; }); then
    NODE_PATH=$work/node_modules node tools/bench/sentiment.js "$texts"
else
    echo "bench: npm sentiment cannot be installed here: left out" >&2
fi
if ! pkg-config --exists libhs && [ "$(id -u)" = 0 ]; then
    apt-get install -y -q libhyperscan-dev >/dev/null 2>&1
fi
if pkg-config --exists libhs; then
    "$bench" "$texts" "" texts >"$work/folded.txt"
    "$bench" "$texts" "" phrases | sort -u >"$work/phrases.txt"
    cc -O2 -o "$work/hs" tools/bench/hs.c -lhs && "$work/hs" "$work/folded.txt" "$work/phrases.txt"
else
    echo "bench: Hyperscan is not installed here: left out" >&2
fi
