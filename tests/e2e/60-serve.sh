#!/bin/sh
# `defuse serve`: pages and passes beside each other over one database, a second server on the same
# port, a step by form, and the two ways to end.
. ./lib.sh
cp -r ../../examples/demo "$W/demo"
rm -f "$W"/demo/demo.db*
D="$DEFUSE -c $W/demo/defuse.yaml"
jar=$W/cookies
ask() { "$TOOLS/ask" "$jar" "$@"; }
status() { ask "$@" | head -n 1; }
field() { # NAME of a hidden field, from a page on stdin
    sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" | head -n 1
}
begin() { # starts the server, sets PID and AT
    : >"$W/said"
    $D serve --listen 127.0.0.1:0 "$@" >"$W/said" 2>"$W/err" &
    PID=$!
    AT=
    for _ in $(seq 100); do
        AT=$(sed -n 's/.*\(http:[^ ]*\)\/ .*/\1/p' "$W/said")
        [ -n "$AT" ] && break
        sleep 0.1
    done
}
end() { # with a signal; sets STATUS
    kill -"$1" "$PID"
    wait "$PID" 2>/dev/null
    STATUS=$?
}
trap 'kill "$PID" 2>/dev/null; stop_site; stop_faults; rm -rf "$W"' EXIT

begin
check 'it says where it is' contains "$AT" http://127.0.0.1:
health=
for _ in $(seq 100); do
    health=$(ask "$AT/healthz" | tail -n 1)
    case $health in *'"sources":8'*) break ;; esac
    sleep 0.2
done
check 'the thread beside the pages polls every source' equal "$health" '{"ok":true,"sources":8,"failing":0}'
check 'the queue is there' contains "$(ask "$AT/")" 'class="say"'
check 'a second one on the same port says so' sh -c "! $D serve --no-collect --listen ${AT#http://} 2>&1 | grep -v 'cannot listen on'"
$D run >/dev/null 2>&1
check 'a pass for cron goes beside it' sh -c "[ $? -eq 0 ] || [ $? -eq 75 ]"

url=$AT$(ask "$AT/?q=state:new" | sed -n 's/.*class="say" href="\([^"]*\)".*/\1/p' | head -n 1)
page=$(ask "$url")
token=$(printf '%s\n' "$page" | field token) version=$(printf '%s\n' "$page" | field version)
check 'a form without its token does nothing' equal "$(status "$url/claim" "version=$version")" 403
check 'a form with it does' equal "$(status "$url/claim" "token=$token&version=$version")" 303
check 'the step stands in the ledger' contains "$($D queue show "${url##*/}")" claim
check 'an older version of the page stores nothing' equal \
    "$(status "$url/reply" "token=$token&version=$version&do=save&text=late")" 409

end TERM
check 'it ends in peace' equal "$STATUS" 0
check 'and told of no fault' equal "$(cat "$W/err")" ''
begin
end KILL
begin --no-collect
check 'after a kill it is there again, with the same queue' contains "$(ask "$AT/?q=state:claimed")" 'class="say"'
url=$AT/case/${url##*/}
check 'a form opened before still works: the key is kept in the database' equal "$(status "$url/note" "token=$token&text=still+here")" 303
end INT
check 'Ctrl-C ends it too' equal "$STATUS" 0
finish
