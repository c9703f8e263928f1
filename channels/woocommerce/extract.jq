# 0 is "no stars given"
{
  id,
  url: (if .product_permalink then "\(.product_permalink)#comment-\(.id)" else null end),
  author: .reviewer,
  text: .review,
  rating: (if .rating == 0 then null else .rating end),
  created: (.date_created_gmt // .date_created),
  parent: null
}
