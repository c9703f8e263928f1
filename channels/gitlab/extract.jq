# notes the system writes ("closed", "moved to …") are nobody's words
select((.system // false) | not) | select((.confidential // false) | not)
| ($p.base // "" | sub("/+$"; "")) as $base
| {
    id: (if has("noteable_id") then "note/\(.id)" else "issue/\(.iid)" end),
    url: (.web_url // (if has("noteable_iid") and $base != "" and ($p.project // "") != ""
                       then "\($base)/\($p.project)/-/issues/\(.noteable_iid)#note_\(.id)" else null end)),
    author: {id: .author.username, name: .author.name},
    title,
    text: (.description // .body // ""),
    created: .created_at,
    parent: (if has("noteable_iid") then "issue/\(.noteable_iid)" else null end),
    likes: .upvotes,
    replies: .user_notes_count
  }
