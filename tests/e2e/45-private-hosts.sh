#!/bin/sh
# A destination inside the house is refused unless the settings allow it, whatever its name.
. ./lib.sh
start_site
settings() { # private_hosts
    cat <<YAML
brand: {name: Wren}
database: t.db
sinks:
  - {name: hook, type: webhook, url_env: HOOK_URL, secret_env: HOOK_SECRET}
  - {name: named, type: webhook, url_env: NAMED_URL, secret_env: HOOK_SECRET}
network: {private_hosts: $1}
YAML
}
settings false >"$W/closed.yaml"
settings true >"$W/open.yaml"
export NAMED_URL="http://localhost:$PORT/hook"
for sink in hook named; do
    "$DEFUSE" -c "$W/closed.yaml" sink test $sink >"$W/out" 2>"$W/err"
    check "$sink: exit 1" equal $? 1
    check "$sink: it says why" contains "$(cat "$W/err")" 'private_hosts'
    check "$sink: the message is one line without the address" equal "$(grep -c hook "$W/err") $(wc -l <"$W/err" | tr -d ' ') $(grep -c "$PORT/hook" "$W/err")" "$([ $sink = hook ] && echo 1 || echo 0) 1 0"
done
check 'nothing arrived' equal "$(wc -l <"$W/hooks" | tr -d ' ')" 0
check 'allowed: it arrives' "$DEFUSE" -c "$W/open.yaml" sink test hook
check 'with a good signature' equal "$(grep -c '^ok' "$W/hooks")" 1
finish
