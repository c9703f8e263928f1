# lib.sh: shared by the end-to-end tests; sourced, not run. Gives each test an empty folder $W that
# is removed afterwards, a loopback site, and checks that are counted.
passed=0 failed=0
W=$(mktemp -d)
trap 'stop_site; stop_faults; rm -rf "$W"' EXIT
SECRET=whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
unset DEFUSE_CONFIG DEFUSE_DATA
export LC_ALL=C.UTF-8 NO_COLOR=1 HOOK_SECRET=$SECRET

check() { # what was wanted, then a command that must succeed
    check_says=$1
    shift
    if "$@" >"$W/.out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $(basename "$0"): $check_says"
        sed 's/^/    /' "$W/.out" | head -n 10
    fi
}
equal() { [ "$1" = "$2" ] || { echo "got '$1', wanted '$2'"; false; }; }
contains() { case $1 in *"$2"*) ;; *) echo "'$2' is not in: $1"; false ;; esac; }

start_site() { # serves $W/site, logs webhooks to $W/hooks
    mkdir -p "$W/site"
    : >"$W/hooks"
    : >"$W/port"
    "$TOOLS/loopback" "$W/site" "$W/hooks" "$SECRET" >"$W/port" &
    SITE_PID=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        PORT=$(cat "$W/port")
        [ -n "$PORT" ] && break
        sleep 0.1
    done
    export HOOK_URL="http://127.0.0.1:$PORT/hook"
}
stop_site() {
    [ -z "${SITE_PID:-}" ] || { kill "$SITE_PID" 2>/dev/null; wait "$SITE_PID" 2>/dev/null; SITE_PID=; }
}
start_faults() { # serves feeds spoilt in every way at $FAULTS, with a bad certificate at the TLS port
    : >"$W/ports"
    "$TOOLS/faults" "$W/log" "$W/cert.pem" >"$W/ports" &
    FAULTS_PID=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        read -r FAULTS_PORT FAULTS_TLS_PORT <"$W/ports" && break
        sleep 0.1
    done
    FAULTS=http://127.0.0.1:$FAULTS_PORT
}
heal_faults() { # the sites are well from now on
    "$DEFUSE" collect feed -p "url=$FAULTS/heal" >/dev/null 2>&1 || :
}
stop_faults() {
    [ -z "${FAULTS_PID:-}" ] || { kill "$FAULTS_PID" 2>/dev/null; wait "$FAULTS_PID" 2>/dev/null; FAULTS_PID=; }
}
finish() {
    echo "$(basename "$0" .sh): $passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
