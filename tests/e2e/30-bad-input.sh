#!/bin/sh
# Bad input of every kind: one clear line with its place, the rest goes on, the exit status says so.
. ./lib.sh
start_site
site=http://127.0.0.1:$PORT
settings() { # further YAML
    cat <<YAML
brand: {name: Wren}
database: t.db
$1
YAML
}
# one_line STATUS WORDS COMMAND…: exits with STATUS and says one line on stderr with WORDS in it
one_line() {
    status=$1 words=$2
    shift 2
    "$@" >"$W/out" 2>"$W/err" </dev/null
    got=$?
    equal "$got" "$status" && equal "$(wc -l <"$W/err" | tr -d ' ')" 1 && contains "$(cat "$W/err")" "$words"
}

settings 'sources: [{name: a, chanel: feeds, url: x}]' >"$W/a.yaml"
"$DEFUSE" -c "$W/a.yaml" check >"$W/out" 2>"$W/err"
check 'a misspelt key: exit 2' equal $? 2
check 'a misspelt key: place and suggestion' contains "$(cat "$W/err")" "did you mean 'channel'"
settings 'sources: [{name: a' >"$W/b.yaml"
check 'broken YAML' one_line 2 b.yaml: "$DEFUSE" -c "$W/b.yaml" check
check 'absent settings' one_line 2 nowhere.yaml "$DEFUSE" -c "$W/nowhere.yaml" run

mkdir -p "$W/rules/own"
printf 'rules:\n  - id: own.one\n    why: because\n    match: {regex: "("}\n    yes: [x]\n    no: [y]\n' >"$W/rules/own/a.yaml"
settings "rules: {dirs: [rules]}" >"$W/c.yaml"
check 'a broken regex names its file and line' one_line 2 'a.yaml:4' "$DEFUSE" -c "$W/c.yaml" check

mkdir -p "$W/channels/own"
printf 'title: Own\nrequest: {ulr: "{base}/x"}\n' >"$W/channels/own/channel.yaml"
settings "channels: {dirs: [channels]}" >"$W/d.yaml"
"$DEFUSE" -c "$W/d.yaml" check >"$W/out" 2>"$W/err"
check 'a broken channel pack: exit 2' equal $? 2
check 'a broken channel pack: its file and line' contains "$(cat "$W/err")" 'channel.yaml:2'

printf '{"id":"1","text":"fine, thanks"}\n{"id":"2","text":7}\nnot json\n{"id":"4","text":"broken again"}\n' >"$W/posts"
"$DEFUSE" analyze --brief <"$W/posts" >"$W/out" 2>"$W/err"
check 'bad JSON lines: exit 1' equal $? 1
check 'bad JSON lines: the others go on' equal "$(wc -l <"$W/out" | tr -d ' ')" 2
check 'bad JSON lines: each is named' equal "$(grep -c ':[23]:' "$W/err")" 2

echo '<html><body>404 not a feed</body></html>' >"$W/site/page.html"
echo '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"x","content_text":"The box was broken, I want a refund","date_published":"2026-11-21T01:00:00Z"}]}' >"$W/site/good.json"
settings "sources:
  - {name: bad, channel: feeds, url: '$site/page.html', first_run: backfill}
  - {name: gone, channel: feeds, url: '$site/none.xml', first_run: backfill}
  - {name: good, channel: feeds, url: '$site/good.json', first_run: backfill}" >"$W/e.yaml"
"$DEFUSE" -c "$W/e.yaml" run >"$W/out" 2>"$W/err"
check 'two bad sources: exit 1' equal $? 1
check 'two bad sources: both are named, a line each' equal "$(grep -c 'source \(bad\|gone\)' "$W/err")" 2
check 'the good source was taken in' equal "$("$DEFUSE" -c "$W/e.yaml" export posts | wc -l | tr -d ' ')" 1

settings '' >"$W/f.yaml"
"$DEFUSE" -c "$W/f.yaml" run
printf 'this is no database, but it is long enough to look at: %0500d' 1 >"$W/noise.db"
sed 's/t\.db/noise.db/' "$W/f.yaml" >"$W/g.yaml"
check 'a damaged database' one_line 1 noise.db "$DEFUSE" -c "$W/g.yaml" run
if command -v sqlite3 >/dev/null 2>&1; then
    cp "$W/t.db" "$W/future.db"
    sqlite3 "$W/future.db" 'PRAGMA user_version = 9999'
    sed 's/t\.db/future.db/' "$W/f.yaml" >"$W/h.yaml"
    check 'a database from the future' one_line 1 newer "$DEFUSE" -c "$W/h.yaml" run
else
    echo 'SKIP database from the future: no sqlite3 shell here (the unit tests cover it)'
fi
check 'an unwritable place' one_line 1 'out: ' "$DEFUSE" --config="$W/f.yaml" init /proc/out
sed 's/t\.db/\/proc\/t.db/' "$W/f.yaml" >"$W/i.yaml"
check 'a database in an unwritable place' one_line 1 /proc/t.db "$DEFUSE" -c "$W/i.yaml" run

mkdir -p "$W/small"
if mount -t tmpfs -o size=1200k tmpfs "$W/small" 2>/dev/null; then
    awk 'BEGIN { printf "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":["
        for (i = 1; i <= 4000; i++)
            printf "%s{\"id\":\"x%d\",\"content_text\":\"Parcel %d never came and nobody answers, I want my money back now please.\"}", (i > 1 ? "," : ""), i, i
        print "]}" }' >"$W/site/many.json"
    sed "s/t\.db/small\/t.db/" "$W/e.yaml" | grep -v 'name: bad\|name: gone' >"$W/j.yaml"
    "$DEFUSE" -c "$W/j.yaml" run >/dev/null 2>&1
    had=$("$DEFUSE" -c "$W/j.yaml" export posts | wc -l)
    sed 's/good.json/many.json/; s/name: good/name: many/' "$W/j.yaml" >"$W/k.yaml"
    "$DEFUSE" -c "$W/k.yaml" run >"$W/out" 2>"$W/err"
    check 'full disk: exit 1' equal $? 1
    check 'full disk: it says so' contains "$(cat "$W/err")" 'full'
    check 'full disk: what was there is still there' equal "$("$DEFUSE" -c "$W/j.yaml" export posts | wc -l)" "$had"
    mount -o remount,size=64m "$W/small"
    check 'with room again the rest arrives' "$DEFUSE" -c "$W/k.yaml" run --all
    check 'nothing was lost' equal "$("$DEFUSE" -c "$W/k.yaml" export posts | wc -l | tr -d ' ')" $((had + 4000))
    umount "$W/small"
else
    echo 'SKIP full disk: a tmpfs cannot be mounted here'
fi
"$DEFUSE" analyze --brief <"$W/posts" >/dev/full 2>"$W/err"
check 'a full output: exit 1' equal $? 1
check 'a full output: it says so' contains "$(cat "$W/err")" 'cannot write'
finish
