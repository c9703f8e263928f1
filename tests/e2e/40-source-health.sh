#!/bin/sh
# A source that fails is told of once after several polls in a row, and once when it answers again;
# its neighbour is not disturbed, and an empty answer is never "no reviews".
. ./lib.sh
start_site
item() { printf '{"id":"%s","content_text":"Parcel %s never arrived, I want a refund.","date_published":"2026-11-21T01:00:00Z"}' "$1" "$1"; }
feed() { printf '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[%s]}' "$1"; }
feed "$(item a)" >"$W/site/a.json"
feed "$(item b)" >"$W/site/b.json"
cat >"$W/defuse.yaml" <<YAML
brand: {name: Wren}
database: t.db
sources:
  - {name: shaky, channel: feed, url: 'http://127.0.0.1:$PORT/a.json', first_run: backfill}
  - {name: good, channel: feed, url: 'http://127.0.0.1:$PORT/b.json', first_run: backfill}
sinks:
  - {name: out, type: stdout, min_urgency: P1}
YAML
D="$DEFUSE -c $W/defuse.yaml"
$D run >/dev/null
mv "$W/site/a.json" "$W/a.kept"
for n in 1 2 3 4 5; do $D run --all >>"$W/told" 2>>"$W/said"; done
check 'the failure is told once' equal "$(grep -c 'does not answer' "$W/told")" 1
check 'each failed poll is a line on stderr' equal "$(grep -c 'source shaky' "$W/said")" 5
check 'the neighbour is not blamed' equal "$(grep -c 'source good' "$W/said")" 0
check 'doctor calls it ill' contains "$($D doctor)" 'shaky: '
$D doctor >/dev/null
check 'doctor exits with 1' equal $? 1
feed '' >"$W/site/a.json"
$D run --all >"$W/out" 2>"$W/err"
check 'an empty answer after full ones is doubted' contains "$(cat "$W/err")" shaky
cp "$W/a.kept" "$W/site/a.json"
$D run --all >>"$W/told" 2>&1
$D run --all >>"$W/told" 2>&1
check 'the recovery is told once' equal "$(grep -c 'answers again' "$W/told")" 1
check 'nothing was doubled' equal "$($D export posts | wc -l | tr -d ' ')" 2
check 'doctor is content again' $D doctor
finish
