#!/bin/sh
# check-docs.sh: the manual must name every setting and every command, and each command's --help
# must fit a screen and end with an example. usage: check-docs.sh PATH-TO-DEFUSE
defuse=$1 passed=0 failed=0
say() { if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED docs: $2"; fi; }
out=$(tools/settings-man.sh --check)
say $? "$out"
for c in $("$defuse" --help | sed -n '/^commands:/,/^options:/s/^  \([a-z]*\) .*/\1/p'); do
    grep -q "^\.It Cm .*$c" docs/defuse.1
    say $? "docs/defuse.1 does not describe '$c'"
    help=$("$defuse" "$c" --help 2>&1)
    say $? "'defuse $c --help' fails"
    [ "$(printf '%s\n' "$help" | wc -l)" -le 24 ]
    say $? "'defuse $c --help' is longer than a screen"
    printf '%s\n' "$help" | tail -n 1 | grep -q 'defuse'
    say $? "'defuse $c --help' does not end with an example"
    [ "$(printf '%s\n' "$help" | LC_ALL=C.UTF-8 wc -L)" -le 80 ]
    say $? "'defuse $c --help' is wider than 80 columns"
done
echo "check-docs: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
