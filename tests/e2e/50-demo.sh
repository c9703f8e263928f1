#!/bin/sh
# The demonstration: every source is read, all scripts are answered in their own, no suggestion is
# stopped by the linter, two suggestions are never the same, an edited review is noticed.
. ./lib.sh
cp -r ../../examples/demo/. "$W/demo"
rm -f "$W"/demo/demo.db*
D="$DEFUSE -c $W/demo/defuse.yaml"
check 'the settings are right' $D check
check 'one pass reads everything' $D run --no-alerts
check '98 posts' equal "$($D export posts | wc -l | tr -d ' ')" 98
langs=$($D export cases | sed -n 's/.*"lang":"\([^"]*\)".*/\1/p' | sort -u | tr '\n' ' ')
check 'cases in four scripts' equal "$langs" 'en yue zh-Hans zh-Hant '
check 'something is urgent' contains "$($D export cases)" '"urgency":"P1"'
cases=$($D export cases | sed -n 's/.*"id":\([0-9]*\),"post_id".*/\1/p')
stopped= texts=0
: >"$W/replies"
for id in $cases; do
    $D queue show "$id" | sed -n '/^Suggested reply/,/^$/p' | sed -n 's/^  | //p' >"$W/reply"
    [ -s "$W/reply" ] || continue
    texts=$((texts + 1))
    tr '\n' ' ' <"$W/reply" >>"$W/replies"
    echo >>"$W/replies"
done
check 'most cases come with a suggestion' [ "$texts" -gt 30 ]
check 'no two suggestions are the same' equal "$(sort "$W/replies" | uniq -d | wc -l | tr -d ' ')" 0
$D export cases | grep '"lang":"zh-Hant"' | grep '"channel":"feed"' |
    sed -n 's/.*"id":\([0-9]*\),"post_id".*/\1/p' >"$W/zh"
zh=$(sed -n 1p "$W/zh") other=$(sed -n 2p "$W/zh")
echo "Sorry, we are looking into it and will write here tomorrow." | $D lint --case "$zh" >"$W/out"
check 'a reply in another language than the post is stopped' equal $? 1
check 'and it says why' contains "$(cat "$W/out")" lang.other-language
echo '很抱歉讓您遇到這種事，我現在就去查，明天中午前在這裡回覆您。' >"$W/fine"
check 'one in the language of the post goes out' sh -c "$D lint --case $zh <'$W/fine'"
check 'it is claimed' $D queue claim "$zh" --as Mei
check 'written' sh -c "$D queue draft $zh --as Mei <'$W/fine'"
check 'and sent' $D queue sent "$zh" --as Mei
$D lint --case "$other" <"$W/fine" >"$W/out"
check 'the same answer under another post is stopped' equal $? 1
check 'as canned' contains "$(cat "$W/out")" canned.same
cp -r "$W"/demo/later/. "$W/demo/site"
check 'a later pass' $D run --all --no-alerts
check 'the edited review is a second version' contains "$($D export posts)" 'the skin has blistered'
check 'still 98 posts' equal "$($D export posts | wc -l | tr -d ' ')" 98
finish
