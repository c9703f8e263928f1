# A property is a value, an object or a list of either. Pages of before 2015 say reviewer, summary,
# dtreviewed and rating.
def scale($name): .[$name]? | words | tostring | gsub(","; ".") | tonumber? // null;
def filled_words: words | if type == "string" then filled else . end;
# several paragraphs may come as a list; in plain text a line is a line
def prose: if type == "array" then map(words | strings) | join("\n\n") | filled else filled_words end
  | if type == "string" and (test("<[a-zA-Z/!]") | not) then gsub("\r?\n"; "<br>") else . end;
(.reviewRating // .rating | first_of) as $r
| (.author // .creator // .reviewer | first_of) as $author
| (($author | if type == "object" then ((.name | filled_words)
    // ([.givenName, .familyName | filled_words | strings] | join(" ") | filled)) else . end)) as $name
| (.datePublished // .dateCreated // .dtreviewed | words) as $date
| (.reviewBody | prose) as $body
| ($body // (.description | prose) // (.text | prose)) as $text
| ((.["@id"]? // null) | if type == "string" and (test("^_:") | not) then . else null end) as $id
| (($url | filled) // ([$page | list | objects | .["@page"]?.canonical // empty][0] | filled)) as $here
| .["@anchor"] as $anchor
| {
    id: $id,
    url: (([.url | list | strings] | .[0])
          // ($here | if . and $anchor then sub("#.*$"; "") + "#" + $anchor else . end)),
    author: $name,
    title: (.name // .headline // .summary | words),
    title_html: true,
    text: $text,
    rating: (if ($r | type) == "object" then ($r.ratingValue | words) else $r // (.ratingValue | words) end),
    best: (if ($r | type) == "object" then ($r | scale("bestRating")) else scale("bestRating") end),
    worst: (if ($r | type) == "object" then ($r | scale("worstRating")) else scale("worstRating") end),
    lang: (.inLanguage | words),
    created: $date,
    edited: (.dateModified | words),
    # without an id: what the author would not change when editing
    hash: (if $id then null else [$name, $date, (if $date then null else $text // (.name // .headline | words) end)] end)
  }
| select((.text // "") != "" or (.title // "") != "" or .rating != null)
