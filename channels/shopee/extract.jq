{
  id: (.cmtid // .comment_id),
  url: (if .shopid and .itemid then "\($p.base // "https://shopee.tw")/product/\(.shopid)/\(.itemid)" else null end),
  author: {id: .userid, name: (.author_username // .buyer_username)},
  text: (.comment // ""),
  rating: (.rating_star // (if .rating then .rating else null end)),
  created: (.ctime // .create_time)
}
