# ids are larger than 2^53: idstr, or the number kept exact; pictures of feelings have their name in alt
select((.user != null and (.deleted // "0" | tostring) != "1") or (.text // "" | startswith("抱歉，此微博已被") | not))
| ((.idstr // .mid // .id) | tostring) as $id
| {
  id: $id,
  url: ((.bid? // .mblogid?) as $b | if $b and .user.id then "https://weibo.com/\(.user.id)/\($b)" else null end),
  author: {id: (.user.idstr // .user.id), name: .user.screen_name, followers: .user.followers_count},
  text: (.longText.longTextContent? // .text_raw // .text),
  format: (if .text_raw then "text" else "html" end),
  created: .created_at,
  parent: ((.reply_comment.idstr? // .reply_comment.id? // .rootidstr? // .rootid?) | if . == null or . == 0 or . == "0" or tostring == $id then null else . end),
  likes: (.like_count // .like_counts // .attitudes_count),
  shares: .reposts_count,
  replies: (.total_number? // .comments_count)
}
