# modhash and the like are never kept; "[deleted]" and "[removed]" are nobody's words
def plain: if . == null then null else gsub("&lt;"; "<") | gsub("&gt;"; ">") | gsub("&amp;"; "&") end;
.kind as $kind | .data
| (.body // .selftext // "") as $text
| if $text == "[deleted]" or $text == "[removed]" or (.removed_by_category // null) != null or (.author == "[deleted]" and $text == "")
  then {id: (.name // "\($kind)_\(.id)"), deleted: true} else .
# without raw_json=1 texts come HTML-escaped; such answers hold body_html escaped too
| ((.body_html // .selftext_html // "") | startswith("&lt;")) as $escaped
| {
    id: (.name // "\($kind)_\(.id)"),
    url: (if .permalink then "https://www.reddit.com\(.permalink)" else null end),
    author: (if .author == "[deleted]" then null else {id: .author_fullname, name: .author} end),
    title: (if $kind == "t3" then .title else null end),
    title_html: ($kind == "t3" and ((.title // "") | test("&(amp|lt|gt);"))),
    text: (if $escaped then ($text | plain) else $text end),
    created: .created_utc,
    edited: (if (.edited | type) == "number" then .edited else null end),
    parent: .parent_id,
    likes: (if (.score // -1) >= 0 then .score else null end),
    replies: .num_comments
  }
  end
