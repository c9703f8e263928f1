#!/bin/sh
# settings-man.sh: the list of settings in defuse.yaml(5), from cmd/config.def.
# usage: settings-man.sh          writes docs/defuse.yaml.5
#        settings-man.sh --check  exit 1 when the page is not what the table says
cd "$(dirname "$0")/.." || exit 2
page=docs/defuse.yaml.5 new=$(mktemp)
trap 'rm -f "$new"' EXIT
list=$(tr '\n' ' ' <cmd/config.def | sed 's/SETTING(/\n&/g' | sed -n 's/^SETTING(\([A-Z]*\), \([A-Za-z0-9_]*\), \([A-Z]*\), [^,]*, [^,]*, [^,]*, "\([^"]*\)", *"\(.*\)") *$/\1\t\2\t\3\t\4\t\5/p' |
    awk -F'\t' '
    BEGIN {
        title["TOP"] = "Top level"; title["BRAND"] = "brand"; title["CLOCKS"] = "clocks"
        title["SOURCE"] = "sources (a list)"; title["SINK"] = "sinks (a list)"
        title["DASHBOARD"] = "dashboard"; title["NETWORK"] = "network"
        title["RULES"] = "rules"; title["CHANNELS"] = "channels"
        kind["TEXT"] = "text"; kind["TEXTS"] = "list"; kind["INT"] = "number"
        kind["DURATION"] = "duration"; kind["BOOL"] = "true or false"; kind["TIME"] = "time"
        kind["ZONE"] = "zone"
    }
    $1 != section { if (section) print ".El"; print ".Ss " title[$1]; print ".Bl -tag -width Ds"; section = $1 }
    {
        gsub(/\\"/, "\"", $5); gsub(/\\/, "\\e", $5); gsub(/"/, "\\(dq", $5)
        printf ".It Cm %s Pq %s%s\n%s\n", $2, kind[$3], $4 == "" ? "" : "; default " $4, $5
    }
    END { print ".El" }')
awk -v list="$list" '
    /^\.\\" settings begin/ { print; print list; skip = 1; next }
    /^\.\\" settings end/ { skip = 0 }
    !skip' "$page" >"$new"
if [ "$1" = --check ]; then
    if cmp -s "$page" "$new"; then
        echo "settings-man: 1 passed, 0 failed"
    else
        diff "$page" "$new" | head -n 20
        echo "docs/defuse.yaml.5 is older than cmd/config.def; run tools/settings-man.sh"
        echo "settings-man: 0 passed, 1 failed"
        exit 1
    fi
else
    cat "$new" >"$page"
fi
