# paging.next holds the access token: only the cursor is ever used
(.reviewer // .from // null) as $who
| {
    id: (.id // .open_graph_story.id),
    url: .permalink_url,
    author: {id: $who.id, name: $who.name},
    text: (.review_text // .message // .story // ""),
    rating: (.recommendation_type // (if .rating then .rating else null end)),
    created: .created_time,
    parent: .parent.id,
    likes: (.like_count // .reactions.summary.total_count? // null),
    shares: (.shares.count? // null),
    replies: (.comment_count // .comments.summary.total_count? // null),
    hash: [$who.id, .created_time, .message]
  }
| select(.text != "" or .rating != null)
