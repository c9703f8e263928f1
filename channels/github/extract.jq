# updated_at moves with labels and comments too: edits are told by the text
# a search finds the issues of many repositories
([.html_url, .url | strings | capture("^https?://[^/]+/(repos/)?(?<r>[^/]+/[^/]+)/(issues|pull|pulls)/").r] | .[0]) as $repo
| (if ($page | type == "object" and has("items")) and ($repo // "" | ascii_downcase) != ($p.repo // "" | ascii_downcase)
   then $repo else null end) as $other
| {
  scope: $other,
  id: (if has("number") then "issue/\(.number)" else "comment/\(.id)" end),
  url: (.html_url // ._links.html.href),
  author: {id: (.user.id // null), name: (.user.login // "ghost")},
  title,
  text: (.body // ""),
  created: .created_at,
  parent: ((.issue_url // .pull_request_url // null)
           | if . then (if $other then $other + "/" else "" end) + "issue/" + (split("/") | last) else null end),
  likes: (.reactions["+1"]? // null),
  replies: (.comments | if type == "number" then . else null end)
}
