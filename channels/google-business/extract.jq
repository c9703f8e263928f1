# Google glues its translation and the original together: the original is what was written
(.comment // "") as $t
| {
    id: (.reviewId // (.name | split("/") | last)),
    author: (if .reviewer.isAnonymous then null else .reviewer.displayName end),
    text: (if ($t | test("\\(Original\\)")) then ($t | split("(Original)") | last | sub("^\\s+"; ""))
           elif ($t | test("\\n\\n\\(Translated by Google\\)")) then ($t | split("\n\n(Translated by Google)") | first)
           else $t end),
    rating: (if .starRating == "STAR_RATING_UNSPECIFIED" then null else .starRating end),
    created: .createTime,
    edited: .updateTime
  }
