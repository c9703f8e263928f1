#!/bin/sh
# The life of one post: site → run → case, reply, ledger → signed webhook; twice; edited.
. ./lib.sh
start_site
feed() { # text of the second review
    cat <<JSON
{"version":"https://jsonfeed.org/version/1.1","title":"Wall","items":[
 {"id":"a1","url":"http://127.0.0.1:$PORT/a1","content_text":"The charger got so hot it burnt my daughter's hand. She is in hospital now.","date_published":"2026-11-21T01:00:00Z","authors":[{"name":"Ana"}]},
 {"id":"a2","url":"http://127.0.0.1:$PORT/a2","content_text":"$1","date_published":"2026-11-21T01:10:00Z","authors":[{"name":"Bo"}]},
 {"id":"a3","url":"http://127.0.0.1:$PORT/a3","content_text":"Lovely kettle, quick delivery, thank you!","date_published":"2026-11-21T01:20:00Z","authors":[{"name":"Chen"}]}]}
JSON
}
feed "It is a bit slow to boil." >"$W/site/wall.json"
cat >"$W/defuse.yaml" <<YAML
brand: {name: Wren, languages: [en, zh-Hant]}
now: 2026-11-21T02:00:00Z
database: t.db
sources:
  - {name: wall, channel: feeds, url: 'http://127.0.0.1:$PORT/wall.json', first_run: backfill}
sinks:
  - {name: hook, type: webhook, url_env: HOOK_URL, secret_env: HOOK_SECRET, min_urgency: P3}
network: {private_hosts: true}
YAML
D="$DEFUSE -c $W/defuse.yaml"

out=$($D run 2>&1)
check 'the first run ends with 0' equal $? 0
check 'a run is silent when all is well' equal "$out" ''
queue=$($D queue list --json)
check 'the harm is P1' contains "$(printf '%s' "$queue" | grep 'P1')" 'P1'
check 'praise opens no case' equal "$(printf '%s\n' "$queue" | grep -c '"id"')" 2
show=$($D queue show 1)
check 'a reply is suggested' contains "$($D queue show 1 --json)" '"drafts"'
check 'the ledger tells who opened it' contains "$show" 'defuse'
check 'each case was told once' equal "$(wc -l <"$W/hooks" | tr -d ' ')" 2
check 'every signature fits' equal "$(grep -c '^ok' "$W/hooks")" 2

before=$($D export posts 2>/dev/null | wc -l)
$D run --all
check 'a second run ends with 0' equal $? 0
check 'a second run repeats no post' equal "$($D export posts | wc -l)" "$before"
check 'a second run tells nothing again' equal "$(wc -l <"$W/hooks" | tr -d ' ')" 2

feed "It is a bit slow to boil. Edit: now it is dead after two days, and support ignores my mails. I want my money back." >"$W/site/wall.json"
$D run --all
check 'the edit is taken in' equal $? 0
check 'the edit makes no new post' equal "$($D export posts | wc -l)" "$before"
check 'the edit makes no new case' equal "$($D queue list --json | grep -c '"id"')" 2
check 'the case is raised to P2' contains "$($D queue list --json | grep 'a2\|"P2"')" 'P2'
check 'the raise is told' equal "$(sort -u "$W/hooks" | wc -l | tr -d ' ')" 3
check 'doctor is content' $D doctor
finish
