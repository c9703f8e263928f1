if .is_delete == true then {id, deleted: true} else {
  id: (.id // .slug),
  url: (.url | if . and (startswith("http")) then . else null end),
  author: {id: (.author.url_token? // .author.slug? // .author.member.id? // .author.id?), name: (.author.name // .author.member.name?)},
  title: (.question.title? // .question.name? // .title),
  title_html: true,
  text: (.content // .excerpt // ""),
  created: (.created_time // .created // .publishedTime),
  edited: (.updated_time // .updated),
  parent: (.reply_comment_id? // .question.id?),
  likes: (.voteup_count // .vote_count // .like_count // .likesCount),
  replies: (.comment_count // .commentsCount)
} | select(.text != "") end
