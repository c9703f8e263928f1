#!/bin/sh
# tsan.sh: drives the threads of a ThreadSanitizer build: the race tests of the store and of reading
# bodies, analyze on all processors, and the dashboard answering while passes run. A report is a
# failure.   usage: tsan.sh DEFUSE FOLDER-OF-TOOLS
defuse=$1 tools=$2
cd "$(dirname "$0")/.." || exit 2
w=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null; rm -rf "$w"' EXIT
export TSAN_OPTIONS="log_path=$w/report"
for race in store_race collect_race; do
    setarch -R "$tools/$race" || echo "WARNING: ThreadSanitizer: $race failed" >"$w/report.$race"
done
for i in $(seq 1 3000); do
    echo "{\"id\":\"$i\",\"text\":\"Parcel $i never arrived, 等了兩個小時都冇人理, no refund yet!\"}"
done >"$w/posts"
"$defuse" analyze --brief <"$w/posts" >"$w/out"
cp -r examples/demo "$w/demo"
sed -i 's/^  listen:.*/  listen: 127.0.0.1:0/; s/every: [0-9]*[mh]/every: 1s/' "$w/demo/defuse.yaml"
"$defuse" -c "$w/demo/defuse.yaml" serve >"$w/serve" 2>&1 &
pid=$!
sleep 8
at=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$w/serve" | head -n 1)
for i in $(seq 1 40); do
    curl -s -o /dev/null "$at/" "$at/case/$((i % 30 + 1))" "$at/sources"
done
kill "$pid"
wait "$pid" 2>/dev/null
reports=$(cat "$w"/report* 2>/dev/null | grep -c 'WARNING: ThreadSanitizer')
cat "$w"/report* 2>/dev/null | head -n 60
[ "$(wc -l <"$w/out")" -eq 3000 ] || reports=$((reports + 1))
[ -n "$at" ] || reports=$((reports + 1))
echo "check-tsan: $((reports == 0)) passed, $reports failed"
[ "$reports" -eq 0 ]
