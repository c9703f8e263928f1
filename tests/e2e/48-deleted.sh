#!/bin/sh
# Deleted is what the place says is deleted. What is merely not shown any more, because newer posts
# pushed it out, stays as it is.
. ./lib.sh
start_site
post() { # id, more
    printf '{"id":%s,"topic_id":9,"topic_slug":"lid","post_number":%s,"username":"u%s","created_at":"2026-11-21T0%s:00:00Z",%s}' "$1" "$1" "$1" "$1" "$2"
}
words='"cooked":"<p>The lid broke after a day and nobody answers, I want a refund.</p>","user_deleted":false'
deleted='"cooked":"<p>(post deleted by author)</p>","user_deleted":true'
page() { # posts
    printf '{"latest_posts":[%s]}' "$1" >"$W/site/posts.json"
}
cat >"$W/defuse.yaml" <<YAML
brand: {name: Wren}
database: t.db
sources:
  - {name: forum, channel: discourse, base: 'http://127.0.0.1:$PORT', first_run: backfill}
YAML
D="$DEFUSE -c $W/defuse.yaml"
gone() { $D export posts | grep -c '"deleted":'; }
told() { $D export ledger | grep -c '"act":"gone"'; }
page "$(post 3 "$words"),$(post 2 "$words"),$(post 1 "$words")"
$D run >"$W/out" 2>"$W/err"
check 'three posts' equal "$($D export posts | wc -l | tr -d ' ')" 3
check 'none is deleted' equal "$(gone)" 0
page "$(post 4 "$words"),$(post 2 "$deleted")" # 3 is not shown, 1 neither; 2 is deleted
$D run --all >"$W/out" 2>"$W/err"
check 'only what the place calls deleted is' equal "$($D export posts | grep '"deleted":' | grep -o '/[0-9]*",' | head -n 1)" '/2",'
check 'and no other' equal "$(gone)" 1
check 'its words are kept' contains "$($D export posts | grep '"deleted":')" 'The lid broke'
check 'what the place writes instead is no post' equal "$($D export posts | grep -c 'deleted by author')" 0
check 'the case is told' equal "$(told)" 1
$D run --all >"$W/out" 2>"$W/err"
check 'once' equal "$(told)" 1
page "$(post 4 "$deleted"),$(post 2 "$deleted")"
$D run --all >"$W/out" 2>"$W/err"
check 'a page of nothing but deleted ones is an answer, not an empty one' equal "$(cat "$W/err")" ''
page "$(post 4 "$words"),$(post 2 "$words")"
$D run --all >"$W/out" 2>"$W/err"
check 'what comes again is there again' equal "$(gone)" 0
check 'and is no edit' equal "$($D export posts --csv | cut -d, -f 4 | sort -u | tr '\n' ' ')" '"1" "version" '
finish
