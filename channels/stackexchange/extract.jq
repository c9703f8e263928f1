(if has("comment_id") then "comment" elif has("answer_id") then "answer" else "question" end) as $kind
| {
    id: "\($kind)/\(.comment_id // .answer_id // .question_id)",
    url: (.link | filled),
    author: {id: .owner.user_id, name: .owner.display_name},
    title: (if $kind == "question" then .title else null end),
    title_html: true,                       # titles are HTML-encoded
    text: (.body // .body_markdown // ""),
    format: (if .body then "html" else "markdown" end),
    created: .creation_date,
    edited: .last_edit_date,
    parent: (if $kind == "question" then null
             elif $kind == "answer" then "question/\(.question_id)"
             else "\(.post_type // "question")/\(.post_id)" end),
    likes: .score,
    replies: (.answer_count // .comment_count)
  }
