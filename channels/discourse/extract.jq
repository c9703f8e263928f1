# Posts carry `cooked`; lists of topics only a title and perhaps an excerpt.
# small actions (3) and whispers (4) are no posts
if .deleted_at != null or .user_deleted == true then {id: (if has("post_number") then .id else "topic/\(.id)" end), deleted: true} else
select((.hidden // false) | not) | select((.post_type // 1) < 3)
| ($p.base // "" | sub("/+$"; "")) as $base
| if has("cooked") or has("raw") or has("blurb") then
    {
      id,
      url: "\($base)/t/\(.topic_slug // "-")/\(.topic_id)/\(.post_number // 1)",
      author: {id: .username, name: ((.name | filled) // .username)},
      title: (.topic_title // $page.title // (.topic_id as $t | [$page.topics[]? | select(.id == $t) | .title][0])),
      text: (.cooked // .blurb // .raw),
      created: .created_at,
      # updated_at moves when a post is rendered anew; only a new version is an edit
      edited: (if (.version // 1) > 1 then .updated_at else null end),
      parent: (if .reply_to_post_number then "\(.topic_id)/\(.reply_to_post_number)" else null end),
      likes: (.like_count // ([.actions_summary[]? | select(.id == 2) | .count] | .[0])),
      replies: .reply_count
    }
  else
    {
      id: "topic/\(.id)",
      url: "\($base)\(.url // "/t/\(.slug)/\(.id)")",
      author: .last_poster_username,
      title,
      text: (.excerpt // ""),
      created: .created_at,
      likes: .like_count,
      replies: .reply_count
    }
  end
| .url |= (if startswith("http") then . else null end)
end
