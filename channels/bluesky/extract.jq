# createdAt is set by the writer's program and may lie: what the network saw counts when it is older
{
  id: .uri,
  url: (if (.uri | startswith("at://")) then "https://bsky.app/profile/\(.author.did // .author.handle)/post/\(.uri | split("/") | last)" else null end),
  author: {id: .author.did, name: ((.author.displayName | filled) // .author.handle)},
  text: .record.text,
  lang: (.record.langs[0]? // null),
  created: ((.record.createdAt // .indexedAt) as $c | if .indexedAt and $c > .indexedAt then .indexedAt else $c end),
  parent: .record.reply.parent.uri,
  likes: .likeCount,
  shares: .repostCount,
  replies: .replyCount
}
