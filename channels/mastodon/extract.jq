# a boost wraps the post that is meant
(.reblog // .)
| select(has("content"))
| {
    id: (.uri // .url // .id),
    url: (.url // .uri),
    author: {id: (.account.url // .account.acct), name: (.account.display_name | filled // null), followers: .account.followers_count},
    title: .spoiler_text,
    # a picture alone: what its writer says is on it
    text: (if (.content // "") != "" then .content else ([.media_attachments[]?.description | strings] | join("\n")) end),
    lang: .language,
    created: .created_at,
    edited: .edited_at,
    parent: .in_reply_to_id,
    likes: .favourites_count,
    shares: .reblogs_count,
    replies: .replies_count
  }
| .author.name = (.author.name // (.author.id | tostring | split("/") | last))
