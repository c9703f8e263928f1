#!/bin/sh
# lint.sh: rules that no compiler checks. Prints file:line: rule: reason; exit 1 when one broke.
# One line may be excused by the words  lint: allow RULE because …  on it.
cd "$(dirname "$0")/.." || exit 2
export LC_ALL=C.UTF-8 # a line is measured in characters, not bytes
files=$(git ls-files '*.c' '*.h' '*.def' 2>/dev/null)
[ -n "$files" ] || files=$(find . -name '*.[ch]' -not -path './build*')
bad=0
rule() { # name, reason, extended regex, files…
    name=$1 reason=$2 regex=$3
    shift 3
    found=$(grep -nE "$regex" "$@" /dev/null | grep -v "lint: allow $name")
    [ -z "$found" ] && return
    printf '%s\n' "$found" | sed "s/^\([^:]*:[0-9]*\):.*/\1: $name: $reason/"
    bad=$((bad + $(printf '%s\n' "$found" | wc -l)))
}
rule banned 'no bound on what it writes or reads' \
    '(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|system|popen|alloca)\(' $files
rule tabs 'sources are indented by four spaces' "$(printf '\t')" $files
rule long 'aim at 100 columns, never past 120' '^.{121,}$' $files
rule trailing 'white space at the end of a line' '[ ]+$' $files
rule marks 'unfinished work does not land' '(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X)([^A-Za-z]|$)' \
    $(git ls-files '*.[ch]' '*.sh' '*.yaml' Makefile 'mk/*')
rule size-format 'SQL takes bound parameters only' 'sqlite3_mprintf|sqlite3_exec\(.*%' $(git ls-files 'storage/*.c')
rule raw-html 'pages are written by templates; values by html_text, html_attr, html_url' \
    'html_lit\(|buf_(add|str|puts|putc|printf|utf8)\(&[^,]*(html|body)|evbuffer_add_printf' \
    $(git ls-files 'dashboard/*.c' | grep -v '^dashboard/html\.c$')
for f in $(git ls-files '*.c' '*.h'); do
    n=$(wc -l <"$f")
    if [ "$n" -gt 600 ]; then
        echo "$f:600: length: $n lines; a file past 600 wants to be two"
        bad=$((bad + 1))
    fi
done
for f in $(git ls-files '*.h'); do
    head -n 1 "$f" | grep -q '^/\*' || { echo "$f:1: header: say what it is for and what it must not know"; bad=$((bad + 1)); }
done
printf 'lint: %d passed, %d failed\n' "$((bad == 0))" "$bad"
[ "$bad" -eq 0 ]
