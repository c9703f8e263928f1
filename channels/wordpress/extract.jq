# A comment of the REST interface, one of wordpress.com's, or the comment block of a notification.
# Pingbacks and trackbacks are written by other blogs' machines.
((.meta? | objects | .ids?.comment?) // null) as $noted
| select((.type // "comment" | . == "pingback" or . == "trackback") | not)
| if $noted then
  {id: $noted, text, format: "text", author: {id: .meta.ids.user}, parent: null, scope: (.meta.ids.site // null)}
elif has("ID") then
  {id: .ID, url: .URL, author: {id: .author.ID, name: .author.name}, text: .content, created: .date,
   parent: (.parent | if type == "object" then .ID else null end), likes: .like_count}
else
  {
    id,
    url: .link,
    author: {id: (if (.author // 0) == 0 then null else .author end), name: .author_name},
    text: (.content | if type == "object" then (.rendered // .raw) else . end),
    created: (.date_gmt // .date),
    parent: (if (.parent // 0) == 0 then null else .parent end)
  }
end
