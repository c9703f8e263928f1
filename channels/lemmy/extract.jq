# a view holds the post, and the comment when it is one
(.comment // .post) as $it
| if ($it.deleted // false) or ($it.removed // false) then {id: ($it.ap_id // $it.id), deleted: true} else
  {
    id: ($it.ap_id // $it.id),
    url: $it.ap_id,
    author: {id: .creator.actor_id, name: (.creator.display_name // .creator.name)},
    title: .post.name,
    text: (if .comment then .comment.content else .post.body // "" end),
    created: $it.published,
    edited: $it.updated,
    parent: (if .comment then .post.ap_id else null end),
    likes: .counts.score,
    replies: (.counts.comments // .counts.child_count)
  }
  end
