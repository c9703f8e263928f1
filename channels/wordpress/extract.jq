# A comment of the REST interface, or the comment block of a notification.
if (.meta.ids.comment? // null) then
  {id: .meta.ids.comment, text, format: "text", author: {id: .meta.ids.user}, parent: null, scope: (.meta.ids.site // null)}
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
