# modhash and the like are never kept; "[deleted]" and "[removed]" are nobody's words
def plain: if . == null then null else gsub("&lt;"; "<") | gsub("&gt;"; ">") | gsub("&amp;"; "&") end;
.kind as $kind | .data
| (.body // .selftext // "") as $text
| select((.author == "[deleted]" and ($text == "[deleted]" or $text == "[removed]" or $text == "")) | not)
| {
    id: (.name // "\($kind)_\(.id)"),
    url: (if .permalink then "https://www.reddit.com\(.permalink)" else null end),
    author: {id: .author_fullname, name: .author},
    title: (if $kind == "t3" then .title else null end),
    # without raw_json=1 the text comes HTML-escaped; such answers hold body_html escaped too
    text: (if ((.body_html // .selftext_html // "") | startswith("&lt;")) then ($text | plain) else $text end),
    created: .created_utc,
    edited: (if (.edited | type) == "number" then .edited else null end),
    parent: .parent_id,
    likes: (if (.score // -1) >= 0 then .score else null end),
    replies: .num_comments?
  }
