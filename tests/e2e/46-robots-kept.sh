#!/bin/sh
# robots.txt is kept between runs of cron: asked for once a day and site, whatever the interval.
. ./lib.sh
start_faults
settings() { # the moment
    cat >"$W/defuse.yaml" <<YAML
brand: {name: Wren}
now: $1
database: t.db
sources:
  - {name: one, channel: feed, url: '$FAULTS/good/one', first_run: backfill}
  - {name: denied, channel: feed, url: 'http://127.0.0.2:$FAULTS_PORT/good/denied'}
YAML
}
asked() { grep -c "^$1:.* /robots.txt" "$W/log"; }
D="$DEFUSE -c $W/defuse.yaml"
settings 2026-11-21T01:00:00Z
for n in 1 2 3; do $D run --all >>"$W/out" 2>>"$W/err"; done
check 'robots.txt was asked for once in three runs' equal "$(asked 127.0.0.1)" 1
check 'the feed was asked for in each' equal "$(grep -c '/good/one' "$W/log")" 3
check 'what a kept one forbids is not fetched either' equal "$(grep -c '/good/denied' "$W/log")" 0
check 'and is told each time' equal "$(grep -c 'source denied: .*robots.txt forbids' "$W/err")" 3
settings 2026-11-22T00:59:00Z
$D run --all >"$W/out" 2>"$W/err"
check 'still known within the day' equal "$(asked 127.0.0.1)" 1
settings 2026-11-22T01:01:00Z
$D run --all >"$W/out" 2>"$W/err"
check 'asked for again after a day' equal "$(asked 127.0.0.1)" 2
check 'the same of a site that forbids' equal "$(asked 127.0.0.2)" 2
finish
