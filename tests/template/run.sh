#!/bin/sh
# run.sh: what the template compiler (tools/template.c) must refuse, with the place, and what a
# value becomes in each place of the HTML. usage: run.sh TEMPLATE-BINARY
tool=$1
passed=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
result() { # ok?, name
    if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL template: $2"; fi
}
refuses() { # body, expected message
    printf '%%template t(void)\n%s\n%%end\n' "$1" >"$dir/t.html"
    got=$("$tool" "$dir/t.html" 2>&1 >/dev/null)
    [ $? -eq 1 ] && printf '%s\n' "$got" | grep -qF "t.html:$2"
    result $? "$1 gives: $got"
}
becomes() { # body, expected line of C
    printf '%%template t(void)\n%s\n%%end\n' "$1" >"$dir/t.html"
    "$tool" "$dir/t.html" 2>&1 | grep -qF "$2"
    result $? "$1 lacks: $2"
}
refuses '<p onclick="x()">' '2:11: inline onclick'
refuses '<p style="x">' '2:9: inline style'
refuses '<script>alert(1)</script>' '2:9: inline script'
refuses '<style>a{}</style>' '2:8: inline script or style'
refuses '<p class={{ x }}>' '2:10: a value cannot stand in an attribute without quotes'
refuses '<p class=x>' '2:10: attribute class needs quotes'
refuses '<{{ x }}>' '2:2: a value cannot stand in a tag name'
refuses '<p {{ x }}>' '2:4: a value cannot stand in a tag'
refuses '<!-- {{ x }} -->' '2:6: a value cannot stand in a comment'
refuses '<script src="/a">{{ x }}</script>' '2:18: a value cannot stand in a script or style'
refuses '{{ x' '2:5: {{ without }}'
refuses '{{ }}' '2:6: an empty value'
refuses '<p' '3:5: the template ends in a tag'
refuses '<p title="x' '3:5: the template ends in an attribute value'
refuses '{% if (x) { %}<p {% } %}>' '2:25: a block begins in text and ends in a tag'
refuses '% if (x) {' '3:5: the template ends inside 1 open blocks'
refuses '% }' '2:4: } without {'
refuses '%nonsense' '2:10: unknown directive'
becomes '<p>{{ x }}</p>' 'html_text(h, x);'
becomes '<p class="a {{ x }}">' 'html_attr(h, x);'
becomes "<p title='{{ x }}'></p>" 'html_attr(h, x);'
becomes '<a href="{{ x }}">' 'html_url(h, x);'
becomes '<a href="/case/{{ x }}">' 'html_url_part(h, x);'
becomes '<form action="{{ x }}">' 'html_url(h, x);'
becomes '<textarea>{{ x }}</textarea>' 'html_plain(h, x);'
becomes '<title>{{ x }}</title>' 'html_plain(h, x);'
becomes '<option value="{{ x }}">a</option>' 'html_attr(h, x);'
becomes '<b>a</b>{{ x }}' 'html_text(h, x);'
becomes '<script src="{{ x }}"></script>{{ y }}' 'html_text(h, y);'
becomes '<p>{{ @queue.title }}</p>' 'html_text(h, html_msg(h, "queue.title"));'
becomes '<i{% if (x) { %} hidden{% } %}>a</i>' 'html_lit(h, " hidden", 7);'
becomes '  <b>a</b>\
<i>"b"</i>' 'html_lit(h, "<b>a</b><i>\"b\"</i>\n", 19);'
becomes 'a{# nothing of this #}b' 'html_lit(h, "ab\n", 3);'
printf 'template: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
