#!/bin/sh
# run-demo.sh: what `make run` does: one pass over the example, the queue, the dashboard.
# The example is copied so that its folder stays as it is; each time begins afresh.
set -eu
cd "$(dirname "$0")/.."
demo=build/demo
rm -rf "$demo"
mkdir -p build
cp -r examples/demo "$demo"
d="$DEFUSE -c $demo/defuse.yaml"

echo "One pass over the example: an invented brand, invented posts, no network."
echo
$d run --verbose || exit 1
echo
$d queue list --replies
if [ "${ONCE:-}" ]; then
    exit 0
fi
echo
# The next day two people had edited what they wrote; the cases follow.
cp -r "$demo/later/." "$demo/site/"
$d run --all --no-alerts >/dev/null 2>&1 || true
exec $d serve
