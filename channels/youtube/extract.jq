(.videoId // .snippet.videoId) as $v
| {
    id,
    url: (if $v then "https://www.youtube.com/watch?v=\($v)&lc=\(.id)" else null end),
    author: {id: .snippet.authorChannelId.value, name: .snippet.authorDisplayName},
    text: (.snippet.textOriginal // .snippet.textDisplay),
    format: (if .snippet.textOriginal then "text" else "html" end),
    created: .snippet.publishedAt,
    edited: .snippet.updatedAt,
    parent: .snippet.parentId,
    likes: .snippet.likeCount,
    replies: .threadReplies
  }
