# Version 2 keeps authors apart, joined by author_id; an edit gets a new id, so the first of its
# history is the post's. Version 1.1 nests the author and has its ids twice, exact as *_str.
(.author_id // null) as $aid
| ([$page.includes?.users[]? | select(.id == $aid)][0] // .user // null) as $u
| ((.edit_history_tweet_ids // [])[0] // .id_str // .id | tostring) as $id
| {
    id: $id,
    url: "https://x.com/\($u.username // $u.screen_name // "i")/status/\(.id_str // .id)",
    author: {id: ($aid // $u.id_str), name: ($u.username // $u.screen_name // $u.name),
             followers: ($u.public_metrics.followers_count // $u.followers_count)},
    # a repost carries only the beginning of what it repeats
    text: (.note_tweet.text // ([.referenced_tweets[]? | select(.type == "retweeted") | .id] as $r
             | [$page.includes?.tweets[]? | select(.id == $r[0]) | .note_tweet.text // .text] | .[0]) // .retweeted_status.full_text? // .full_text // .text
           | gsub("&lt;"; "<") | gsub("&gt;"; ">") | gsub("&amp;"; "&")),
    lang: (if .lang == "und" or .lang == "zxx" then null else .lang end),
    created: .created_at,
    edited: (if ((.edit_history_tweet_ids // []) | length) > 1 then true else null end),
    parent: (([.referenced_tweets[]? | select(.type == "replied_to") | .id][0]) // .in_reply_to_status_id_str),
    likes: (.public_metrics.like_count // .favorite_count),
    shares: (.public_metrics.retweet_count // .retweet_count),
    replies: .public_metrics.reply_count
  }
