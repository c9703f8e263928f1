#!/bin/sh
# Nothing is bent on its way from a site to an export: ids that no double holds, an item that was
# cut in its middle, and the overall rating, of which only changes are kept.
. ./lib.sh
start_site
start_faults
posts() { # ids as numbers, as some interfaces give them; two differ in the last digit only
    printf '{"latest_posts":['
    sep=
    for n in 9007199254740992 9007199254740993 18446744073709551615; do
        printf '%s{"id":%s,"topic_id":90,"topic_slug":"lid","topic_title":"Lid","post_number":1,"username":"fern","cooked":"<p>The lid %s broke, I want a refund.</p>","created_at":"2026-11-21T01:00:00Z"}' "$sep" "$n" "$n"
        sep=,
    done
    printf ']}'
}
rated() { printf '<html><head><script type="application/ld+json">{"@type":"Cafe","name":"Kettle Cafe","aggregateRating":{"@type":"AggregateRating","ratingValue":"%s","reviewCount":%s}}</script></head></html>' "$1" "$2"; }
posts >"$W/site/posts.json"
rated 4.3 321 >"$W/site/cafe.html"
cat >"$W/defuse.yaml" <<YAML
brand: {name: Wren}
database: t.db
sources:
  - {name: forum, channel: discourse, base: 'http://127.0.0.1:$PORT', first_run: backfill}
  - {name: half, channel: feed, url: '$FAULTS/xmlcut/half', first_run: backfill}
  - {name: cafe, channel: schemaorg, url: 'http://127.0.0.1:$PORT/cafe.html'}
YAML
D="$DEFUSE -c $W/defuse.yaml"
ids='9007199254740992 9007199254740993 18446744073709551615'
every() { # command output: all three ids stand in it, each once
    for id in $ids; do
        [ "$(printf '%s\n' "$1" | grep -c "$id\"")" -eq 1 ] || { echo "$id"; return 1; }
    done
}
check 'collect gives them exact' every "$($D collect forum | grep -o '"id":"[^"]*"')"
$D run >"$W/out" 2>"$W/err"
cases=$($D queue list --json --all)
check 'each has a case of its own' equal "$(printf '%s\n' "$cases" | grep -c 'The lid [0-9]* broke')" 3
check 'export gives them exact' every "$($D export posts | grep -o '"id":"[^"]*"')"
check 'export as CSV, too' every "$($D export posts --csv | tr ',' '\n' | grep '/9007\|/1844' | sort -u)"
$D run --all >"$W/out" 2>>"$W/err"
check 'and knows them again' equal "$($D export posts | grep -c '"source":"forum"')" 3

half() { $D export posts | grep '"source":"half"'; }
rm "$W"/t.db*
sed -i "s|xmlcut/half|xmlcut/other|" "$W/defuse.yaml"
$D run >"$W/out" 2>"$W/err"
check 'an item that was cut is not stored' equal "$(half | wc -l | tr -d ' ')" 5
check 'and told of' contains "$(cat "$W/err")" 'ends in the middle of an item'
$D run --all >"$W/out" 2>"$W/err"
check 'the next poll brings it' equal "$(half | wc -l | tr -d ' ')" 6
check 'whole' contains "$(half | grep other-1)" 'I want a refund.'
$D run --all >"$W/out" 2>"$W/err"
check 'and none twice' equal "$(half | wc -l | tr -d ' ')" 6
check 'nor as an edit' equal "$($D export posts --csv | grep -c '"half","[^"]*","2"')" 0

rated 4.3 321 >"$W/site/cafe.html"
$D run --all >"$W/out" 2>"$W/err"
check 'an overall rating is kept once' equal "$($D export ratings | wc -l | tr -d ' ')" 1
rated 4.2 330 >"$W/site/cafe.html"
$D run --all >"$W/out" 2>"$W/err"
check 'and again when it changed' equal "$($D export ratings | grep -o '"stars":[0-9.]*,"rating":"[0-9.]*","best":5,"reviews":[0-9]*' | tr '\n' ' ')" \
    '"stars":4.3,"rating":"4.3","best":5,"reviews":321 "stars":4.2,"rating":"4.2","best":5,"reviews":330 '
check 'the screen shows the newest' contains "$($D source status)" 'rating of all: 4.20 of 5 from 330 (Kettle Cafe)'
check 'and the JSON' contains "$($D source status --json)" '"about":"Kettle Cafe","stars":4.2'
finish
