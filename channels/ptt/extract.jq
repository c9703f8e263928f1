def meta($names): . as $i | [range(0; (.names_all // []) | length)]
  | map(select($i.names_all[.] as $n | any($names[]; . == $n))) | .[0] // null
  | if . == null then null else $i.values_all[.] end;
(($page.page.canonical // $url // "") | (capture("/(?<aid>M[.][0-9]+[.]A[.][0-9A-F]+)[.]html").aid? // null)) as $aid
| ($page.page.canonical // ($url | filled)) as $here
| if .kind == "main-content" then
    (meta(["作者"]) // "") as $who
    | {
        id: $aid,
        url: $here,
        author: {id: ($who | split(" ")[0] | filled), name: ($who | filled)},
        title: (meta(["標題"]) // ($page.page.title // null)),
        text: "<pre>\((.text // "") | sub("\\s*(--\\s*)?$"; ""))</pre>",
        created: meta(["時間"]),
        edited: ([.edits_all[]? | capture("(?<t>[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9:]{5,8})").t] | last // null),
        hash: [$who, meta(["時間"]), meta(["標題"])]
      }
  else
    ((.at // "") | capture("(?<d>[0-9]{2}/[0-9]{2})( (?<t>[0-9]{2}:[0-9]{2}))?")? // null) as $t
    | ((.said_html // "") | sub("^: ?"; "")) as $said
    | select(.user)
    | {
        scope: $aid,
        url: $here,
        author: {id: .user, name: .user},
        text: $said,
        rating: (.tag | gsub("\\s"; "")),
        created: (if $t and .year then "\(.year)/\($t.d) \($t.t // "00:00")" else null end),
        parent: $aid,
        # people push the same words twice in one minute
        hash: ([$aid, .user, (.at // "" | gsub("^\\s+|\\s+$"; "")), $said] + (if .again > 1 then [.again] else [] end))
      }
  end
