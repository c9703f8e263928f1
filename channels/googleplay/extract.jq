# the text is "title TAB body"; an edited review keeps its id and loses the first date
([.comments[]?.userComment // empty][0]) as $c
| select($c != null)
| (($c.originalText // $c.text // "") | split("\t")) as $parts
| {
    id: .reviewId,
    url: (if $p.app then "https://play.google.com/store/apps/details?id=\($p.app)&reviewId=\(.reviewId)" else null end),
    author: (.authorName | filled),
    title: (if ($parts | length) > 1 then $parts[0] else null end),
    text: ($parts | if length > 1 then .[1:] | join("\t") else .[0] end),
    lang: $c.reviewerLanguage,
    rating: $c.starRating,
    created: $c.lastModified.seconds,
    likes: $c.thumbsUpCount
  }
