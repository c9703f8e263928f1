# updated_at moves with labels and comments too: edits are told by the text
{
  id: (if has("number") then "issue/\(.number)" else "comment/\(.id)" end),
  url: (.html_url // ._links.html.href),
  author: {id: (.user.id // null), name: (.user.login // "ghost")},
  title,
  text: (.body // ""),
  created: .created_at,
  parent: ((.issue_url // .pull_request_url // null)
           | if . then "issue/" + (split("/") | last) else null end),
  likes: (.reactions["+1"]? // null),
  replies: (.comments | if type == "number" then . else null end)
}
