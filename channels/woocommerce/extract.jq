# 0 is "no stars given"; what waits or was thrown away is not public
select((.status // "approved") | . == "hold" or . == "spam" or . == "trash" or . == "unspam" or . == "untrash" | not) |
{
  id,
  url: (if .product_permalink then "\(.product_permalink)#comment-\(.id)" else null end),
  author: .reviewer,
  text: .review,
  rating: (if .rating == 0 then null else .rating end),
  created: (.date_created_gmt // .date_created),
  parent: null
}
