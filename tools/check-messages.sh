#!/bin/sh
# check-messages.sh: every sentence people read exists in all three languages, with the same
# places for values, and every id that pages or code ask for is in the tables.
cd "$(dirname "$0")/.." || exit 2
bad=0
complain() {
    printf '%s\n' "$1"
    bad=$((bad + 1))
}
faults=$(awk -F'\t' '
    function places(s,   n, out) {
        out = ""
        for (n = 0; n <= 9; n++)
            if (index(s, "{" n "}"))
                out = out n
        return out
    }
    /^#/ || /^$/ { next }
    NF != 4 { print FILENAME ":" FNR ": " NF " columns instead of 4: " $1; next }
    seen[$1]++ { print FILENAME ":" FNR ": " $1 " is written twice" }
    {
        for (i = 2; i <= 4; i++) {
            if ($i == "")
                print FILENAME ":" FNR ": " $1 " is empty in column " i
            if (places($i) != places($2))
                print FILENAME ":" FNR ": " $1 " has other {n} in column " i " than in English"
        }
    }' i18n/*.tsv)
[ -z "$faults" ] || complain "$faults"
rooms=$(cut -f1 i18n/dashboard.tsv | grep -v '^#' | cut -d. -f1 | sort -u | grep -vE '^(label|time)$' | paste -sd'|')
used=$(
    grep -hoE '\{\{ @[a-z0-9.-]+ \}\}' dashboard/templates/*.html | sed 's/{{ @//; s/ }}//'
    grep -hoE 'msg(_put)?\([^"()]*"[a-z0-9._-]+"' cmd/*.c alerts/*.c casework/*.c reply/*.c |
        sed 's/.*"\(.*\)"/\1/' | grep -v '\.$'
    grep -hoE '"(refused|ledger)\.[a-z0-9-]+"' casework/*.c cmd/*.c | tr -d '"'
    grep -hoE "\"($rooms)\\.[a-z0-9.-]+\"" dashboard/*.c | tr -d '"' | grep -vE '^dashboard\.|\.(css|js|svg)$'
)
for id in $(printf '%s\n' "$used" | sort -u); do
    cut -f1 i18n/*.tsv | grep -qxF "$id" || complain "$id is asked for, no table has it"
done
# Words that come from the nouns, as label.KIND.WORD.
words_of() { # FILE MACRO
    sed -e ':a' -e '/\\$/{N;s/\\\n//;ta' -e '}' "$1" | grep "^#define $2(X)" |
        grep -oE 'X\([A-Z0-9_]+, "[^"]*"\)' | sed 's/.*"\(.*\)".*/\1/'
}
labels() { # KIND FILE MACRO
    for word in $(words_of "$2" "$3"); do
        [ "$1.$word" = ask.none ] || cut -f1 i18n/*.tsv | grep -qxF "label.$1.$word" ||
            complain "label.$1.$word is missing"
    done
}
labels sentiment model/verdict.h VERDICT_SENTIMENTS
labels category model/verdict.h VERDICT_CATEGORIES
labels ask model/verdict.h VERDICT_ASKS
labels state model/case.h CASE_STATES
labels outcome model/case.h CASE_OUTCOMES
labels act casework/states.h CASE_ACTS
labels step casework/states.h CASE_ACTS
printf 'messages: %d passed, %d failed\n' "$((bad == 0))" "$bad"
[ "$bad" -eq 0 ]
