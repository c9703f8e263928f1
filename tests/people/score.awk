# score.awk: labelled posts and verdicts, line by line, to agreement.
# usage: awk -v set=NAME -v floors=FILE -f score.awk LABELLED.tsv VERDICTS.jsonl
# Macro-F1 is over the classes people used; rare classes (under 5 posts) are left out, as one post would
# move them by a whole point. Prints one line a figure and, with floors, one FAILED line a loss.
function value(line, key,    at, rest) {
    at = index(line, "\"" key "\":\"")
    rest = substr(line, at + length(key) + 4)
    return at ? substr(rest, 1, index(rest, "\"") - 1) : "?"
}
function judge(what, got,    key) {
    key = set SUBSEP what
    printf "%-13s %-12s %.3f", set, what, got
    if (key in floor) {
        printf "  (floor %.2f)", floor[key]
        if (got + 0.0005 < floor[key]) { failed++; printf "  FAILED" } else passed++
    }
    printf "\n"
}
BEGIN {
    FS = "\t"
    n = split("sentiment urgency category ask needs_reply", attr, " ")
    while (floors != "" && (getline line < floors) > 0)
        if (line !~ /^#/ && split(line, f, "\t") == 3) floor[f[1], f[2]] = f[3]
}
FNR == 1 { file++ }
file == 1 && /^#/ { next }
file == 1 {
    rows++
    danger[rows] = $1
    for (a = 1; a <= n; a++) gold[rows, a] = $(a + 1)
    next
}
{
    got = ++seen
    for (a = 1; a <= n; a++) said[got, a] = value($0, attr[a])
}
END {
    if (rows != seen || rows == 0) {
        printf "FAILED %s: %d posts, %d verdicts\n", set, rows, seen
        print "TOTAL 0 1"
        exit
    }
    if (set ~ /^danger/) {
        for (i = 1; i <= rows; i++) {
            p1 = said[i, 2] == "P1"
            hit += p1 && danger[i] == "danger"; called += p1; real += danger[i] == "danger"
        }
        judge("recall", real ? hit / real : 0)
        judge("precision", called ? hit / called : 0)
    } else
        for (a = 1; a <= n; a++) {
            delete count; delete guess; delete right
            for (i = 1; i <= rows; i++) {
                count[gold[i, a]]++; guess[said[i, a]]++
                right[gold[i, a]] += gold[i, a] == said[i, a]
            }
            sum = classes = 0
            for (c in count)
                if (count[c] >= 5) { sum += 2 * right[c] / (count[c] + guess[c]); classes++ }
            judge(attr[a], classes ? sum / classes : 0)
        }
    printf "TOTAL %d %d\n", passed, failed
}
