#!/bin/sh
# Every way a site can fail, all in one pass beside good ones: the pass ends in bounded time, the
# good ones are read, each failure is told in words, and once a site is well again all its posts
# are there, each once.
. ./lib.sh
start_faults

heals='429 503 hang drip cut chunkcut short loop login nothing bomb huge hugetold reset nohttp forbidden gone'
steady='good empty overlap reorder dup reuse endless'
source() { # name, address
    echo "  - {name: $1, channel: feed, url: '$2', first_run: backfill}"
}
{
    printf '%s\n' 'brand: {name: Wren}' 'database: t.db' 'network: {timeout: 2s}' 'sources:'
    for k in $steady $heals; do source "$k" "$FAULTS/$k/$k"; done
    source denied "http://127.0.0.2:$FAULTS_PORT/good/denied"
    source robots-ill "http://127.0.0.3:$FAULTS_PORT/good/robots-ill"
    source no-name http://nowhere.invalid/feed.json
    source refused http://127.0.0.1:1/feed.json
    source tls "https://127.0.0.1:$FAULTS_TLS_PORT/good/tls"
} >"$W/defuse.yaml"
D="$DEFUSE -c $W/defuse.yaml"
posts() { $D export posts | grep -c "\"source\":\"$1\""; }
says() { # source, words: stderr of the pass, the status and the doctor agree
    contains "$(grep "source $1: " "$W/err")" "$2" && contains "$status" "$2" &&
        contains "$(printf '%s\n' "$doctor" | grep " $1: ")" "$2"
}

began=$(date +%s)
(ulimit -v 2000000 && $D run >"$W/out" 2>"$W/err")
check 'a pass with failures exits with 1' equal $? 1
took=$(($(date +%s) - began))
check "the pass ends in bounded time ($took s)" [ "$took" -le 15 ]
check 'each failing source has one line' equal "$(wc -l <"$W/err" | tr -d ' ')" 22
for k in good reorder dup reuse endless empty overlap; do
    check "$k: read although others fail" equal "$(posts $k)" 6
done
status=$(COLUMNS=1000 $D source status) doctor=$($D doctor)
check '429 is told' says 429 'asked too often'
check '429: its pause of two hours is kept' contains "$(printf '%s\n' "$status" | grep -A 1 ' 429 ')" 'tried again in 1 h'
check '503 is told' says 503 'the site has a problem of its own (HTTP 503'
check 'a hanging site is told' says hang 'no answer within 2 s'
check 'a dripping site is told' says drip 'the answer came too slowly'
check 'a cut body is told' says cut 'the answer broke off before its end'
check 'a cut chunked body is told' says chunkcut 'the answer broke off before its end'
check 'a wrong length is told' says short 'cut off or damaged'
check 'a redirect loop is told' says loop 'redirects in circles'
check 'a login page is told' says login 'this is a web page, not a feed'
check 'an empty body is told' says nothing 'the answer is empty'
check 'a gzip bomb is told' says bomb 'larger than 16 MB'
check 'a body of 1 GB is told' says huge 'larger than 16 MB'
check 'a body announced with 1 GB is told' says hugetold 'larger than 16 MB'
check 'a reset connection is told' says reset 'the connection broke'
check 'what is no web server is told' says nohttp 'no web server'
check 'a locked door is told' says forbidden 'does not let us in'
check 'a page that is not there is told' says gone 'no such page'
check 'robots.txt is told' says denied "robots.txt forbids"
check 'robots.txt that cannot be had is told' says robots-ill 'could not give its robots.txt'
check 'a name that is none is told' says no-name 'there is no host of this name'
check 'a refused connection is told' says refused 'the connection was refused'
check 'a bad certificate is told' says tls 'certificate cannot be trusted'
check 'what robots.txt forbids is not fetched' equal "$(grep -c '/good/denied' "$W/log")" 0
check 'what robots.txt hides is not fetched' equal "$(grep -c '/good/robots-ill' "$W/log")" 0
check 'what people wrote is in no message' equal "$(grep -c Parcel "$W/err")" 0

asked=$(grep -c '/429/' "$W/log")
$D run >"$W/out" 2>"$W/err2"
check 'nothing is due: nothing is asked' equal "$(grep -c '/429/' "$W/log")" "$asked"
check 'nothing is due: nothing is told' equal "$(cat "$W/out" "$W/err2")" ''

$D run --all >"$W/out" 2>"$W/err"
check 'an empty page after a full one is doubted' contains "$(grep 'source empty: ' "$W/err")" 'not believed'
heal_faults
echo "network: {timeout: 2s, ca_file: cert.pem}" >"$W/net"
sed -i -e '/^network:/{r '"$W/net"'
d}' "$W/defuse.yaml"
for n in 1 2 3; do $D run --all >"$W/out" 2>"$W/err"; done
check 'a site that is well again is read' equal "$(grep -vc 'source \(denied\|robots-ill\|no-name\|refused\|empty\): ' "$W/err")" 0
for k in $steady $heals tls; do
    check "$k: nothing lost, nothing doubled" equal "$(posts "$k")" 6
done
check 'an id used again keeps the text before it' contains "$($D export posts | grep reuse-1)" 'another thing broke'
finish
