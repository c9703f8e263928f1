#!/bin/sh
# People's work with cases from the command line: every step, every refusal, export.
. ./lib.sh
SITE_PID=
mkdir -p "$W/site"
cat >"$W/site/wall.json" <<'JSON'
{"version":"https://jsonfeed.org/version/1.1","title":"Wall","items":[
 {"id":"q1","url":"https://wall.example/q1","content_text":"The charger got so hot it burnt my daughter's hand. She is in hospital now.","date_published":"2026-11-21T01:00:00Z","authors":[{"name":"Ana"}]},
 {"id":"q2","url":"https://wall.example/q2","content_text":"包裹三個禮拜還沒到，客服都不回，我要退款！","date_published":"2026-11-21T01:10:00Z","authors":[{"name":"=陳小美"}]},
 {"id":"q3","url":"https://wall.example/q3","content_text":"Parcel never arrived, nobody answers my mails, I want a refund.","date_published":"2026-11-21T01:20:00Z","authors":[{"name":"Bo \"B\" B"}]}]}
JSON
settings() { # the moment
    cat >"$W/defuse.yaml" <<YAML
brand: {name: Wren, languages: [en, zh-Hant]}
zone: Asia/Taipei
now: $1
database: t.db
sources:
  - {name: wall, channel: feeds, url: site/wall.json, first_run: backfill}
sinks:
  - {name: lines, type: stdout, min_urgency: P1}
YAML
}
D="$DEFUSE -c $W/defuse.yaml"
Q="$D queue"
export DEFUSE_USER=ann
refuses() { # STATUS WORDS COMMAND…
    status=$1 words=$2
    shift 2
    "$@" >"$W/out" 2>"$W/err" </dev/null
    got=$?
    equal "$got" "$status" && equal "$(wc -l <"$W/err" | tr -d ' ')" 1 && contains "$(cat "$W/err")" "$words"
}
settings 2026-11-21T01:30:00Z
out=$($D run)
check 'the P1 is printed by the stdout sink' contains "$out" '[P1]'
check 'only the P1' equal "$(printf '%s\n' "$out" | grep -c '^\[')" 1
check 'three cases' equal "$($Q list --json | wc -l | tr -d ' ')" 3
check 'lines keep to the width' equal "$(COLUMNS=80 $Q list --replies | awk 'length($0) > 160' | wc -l | tr -d ' ')" 0
first=$($Q claim | cut -d ' ' -f 1)
check 'claiming without a number takes the first of the queue' equal "$first" \
    "$($Q list --json --all | grep '"ann"' | sed 's/^{"id":\([0-9]*\).*/\1/')"
check 'a claimed case is not claimed again' refuses 1 'claimed by ann' $Q claim "$first" --as bob
check 'only its owner drafts' refuses 1 "is ann's" $Q draft "$first" 'Sorry' --as bob
check 'a draft needs words' refuses 1 'needs the text' $Q draft "$first"
echo 'We are very sorry to read this.' >"$W/reply"
check 'a draft from a file' $Q draft "$first" --file "$W/reply"
check 'nobody approves their own' refuses 1 'nobody approves their own' $Q approve "$first"
check 'somebody else does' $Q approve "$first" --as bob
check 'sent' $Q sent "$first"
check 'visible' $Q visible "$first"
check 'a state that does not fit' refuses 1 "is for cases that are: drafted" $Q approve "$first"
check 'an outcome that is none' refuses 2 'no outcome' $Q close "$first" resolvd
check 'closed' $Q close "$first" resolved --because 'she is well again'
check 'closed ones leave the queue' equal "$($Q list --json | wc -l | tr -d ' ')" 2
check 'but not the archive' equal "$($Q list --json --all | wc -l | tr -d ' ')" 3
check 'reopening needs a reason' refuses 1 'needs a reason' $Q reopen "$first"
check 'reopened' $Q reopen "$first" --because 'wrote again'
check 'a note' $Q note "$first" 'called her'
second=$($Q list --json | grep '"q2"' | sed 's/^{"id":\([0-9]*\).*/\1/')
check 'a time that is none' refuses 2 'is no time' $Q snooze "$second" soon
check 'snoozed' $Q snooze "$second" 2h
check 'asleep' equal "$($Q list --json | wc -l | tr -d ' ')" 2
settings 2026-11-21T03:31:00Z
check 'awake again by itself' equal "$($Q list --json | wc -l | tr -d ' ')" 3
check 'text is looked for in any script' equal "$($Q list --json --text 退款 | wc -l | tr -d ' ')" 1
check 'text is no pattern' equal "$($Q list --json --text '%' | wc -l | tr -d ' ')" 0
check 'mine' equal "$($Q claim "$second" >/dev/null; $Q list --json --mine | wc -l | tr -d ' ')" 1
check 'pages' equal "$($Q list --limit 2 | tail -n 1 | sed 's/[0-9]*$//')" 'more: --after '
check 'a misspelt word' refuses 2 "did you mean 'show'" $Q shwo
check 'no such case' refuses 1 'no case 99' $Q show 99
check 'no number' refuses 2 'no number' $Q note x y
check 'in Chinese' contains "$(LC_ALL=zh_TW.UTF-8 $Q show "$second")" '案件'
check 'the history tells every step' equal "$($D export ledger | grep -c "\"case\":$first,")" 9
check 'the table of posts is CSV' equal "$($D export posts --csv | head -n 1 | cut -d , -f 1-3)" '"channel","source","id"'
check 'no cell is a formula' contains "$($D export posts --csv)" "\"'=陳小美\""
check 'quotes are doubled' contains "$($D export posts --csv)" '"Bo ""B"" B"'
check 'cases as JSON Lines' equal "$($D export cases | wc -l | tr -d ' ')" 3
check 'since' equal "$($D export posts --since 2026-11-21T01:10:00Z | wc -l | tr -d ' ')" 2
finish
