#!/bin/sh
# SIGKILL at random moments: after the next whole run every post is there once, with at most one
# case, and every alert has reached the receiver under one id.
. ./lib.sh
start_site
cat >"$W/defuse.yaml" <<YAML
brand: {name: Wren}
database: t.db
sources:
  - {name: one, channel: feeds, url: 'http://127.0.0.1:$PORT/one.json', first_run: backfill}
  - {name: two, channel: feeds, url: 'http://127.0.0.1:$PORT/two.json', first_run: backfill}
sinks:
  - {name: hook, type: webhook, url_env: HOOK_URL, secret_env: HOOK_SECRET, min_urgency: P4}
network: {private_hosts: true}
YAML
D="$DEFUSE -c $W/defuse.yaml"
feed() { # name, number of items: each a complaint, so each must become a case
    awk -v n="$2" -v who="$1" -v now="$(date -u +%Y-%m-%dT%H:%M:%SZ)" 'BEGIN {
        printf "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"%s\",\"items\":[", who
        for (i = n; i > 0; i--)
            printf "%s{\"id\":\"%s-%d\",\"content_text\":\"Parcel %d never arrived, nobody answers, I want a refund.\",\"date_published\":\"%s\",\"authors\":[{\"name\":\"w%s%d\"}]}",
                (i < n ? "," : ""), who, i, i, now, who, i
        print "]}" }' >"$W/site/.$1.new"
    mv "$W/site/.$1.new" "$W/site/$1.json"
}
kills=${KILLS:-200} i=0 hit=0
while [ "$i" -lt "$kills" ]; do
    i=$((i + 1))
    feed one "$i"
    feed two $((i / 2 + 1))
    $D run --all >/dev/null 2>&1 &
    pid=$!
    # From start-up to the last alert, spread evenly: 0 to 79 ms in a fixed pseudo-random order.
    sleep "0.0$(printf '%02d' $(((i * 37 + 11) % 80)))"
    if kill -9 "$pid" 2>/dev/null; then hit=$((hit + 1)); fi
    wait "$pid" 2>/dev/null
done
tries=0
until out=$($D run --all 2>&1); do # leases of killed runs may have to run out first
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || break
    sleep 1
done
check "the last run is whole: $out" equal "$?" 0
total=$((kills + kills / 2 + 1))
check 'every post is there once' equal "$($D export posts | wc -l | tr -d ' ')" "$total"
check 'every post has exactly one case' equal "$($D queue list --json --all | grep -c '"id"')" "$total"
check 'the ledger chain holds' $D doctor
check 'every alert reached the receiver' equal "$(awk '{ print $2 }' "$W/hooks" | sort -u | wc -l | tr -d ' ')" "$total"
check 'no signature was wrong' equal "$(grep -c '^bad' "$W/hooks")" 0
check "most kills hit a living run ($hit of $kills)" [ "$hit" -gt $((kills / 3)) ]
finish
