# a view holds the post, and the comment when it is one
(.comment // .post) as $it
| if ($it.deleted // false) or ($it.removed // false) then {id: ($it.ap_id // $it.id), deleted: true} else
  {
    id: ($it.ap_id // $it.id),
    url: $it.ap_id,
    author: {id: (.creator.actor_id // .creator.ap_id), name: (.creator.display_name // .creator.name)},
    title: .post.name,
    text: (if .comment then .comment.content else .post.body // "" end),
    created: ($it.published // $it.published_at),
    edited: ($it.updated // $it.updated_at),
    parent: (if .comment then .post.ap_id else null end),
    likes: (.counts.score? // $it.score),       # version 1 has the counts in the post
    replies: (.counts.comments? // .counts.child_count? // $it.comments // $it.child_count)
  }
  end
