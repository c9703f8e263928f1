# JSON wraps every value as {label}, XML gives element trees; `words` reads both. The first entry
# of old feeds is the app itself: it has no rating.
def content: # XML has two contents: text for us, HTML for feed readers
  .content | if type == "array" then (map(select(."@type" == "text")) + .)[0] else . end | words;
select(has("im:rating"))
| {
    id: (.id | words),
    url: (.link | first_of | .attributes.href? // ."@href"? // null),
    author: ((.author | first_of) as $a
             | {name: ($a.name | words),
                id: (($a.uri | words) // null | if . then (capture("id(?<n>[0-9]+)").n? // .) else null end)}),
    title: (.title | words),
    text: content,
    rating: (."im:rating" | words),
    created: (.updated | words),  # moves when a review is edited; the digest tells
    likes: (."im:voteSum" | words),
    hash: [(.author | words), (.title | words)]
  }
