# A property is a value, an object or a list of either.
def scale($name): .[$name]? | words | tostring | gsub(","; ".") | tonumber? // null;
(.reviewRating // .rating | first_of) as $r
| (.author // .creator | first_of) as $author
| ((.["@id"]? // null) | if type == "string" and (test("^_:") | not) then . else null end) as $id
| (($url | filled) // ([$page | list | objects | .["@page"]?.canonical // empty][0] | filled)) as $here
| .["@anchor"] as $anchor
| {
    id: $id,
    url: (([.url | list | strings] | .[0])
          // ($here | if . and $anchor then sub("#.*$"; "") + "#" + $anchor else . end)),
    author: (if ($author | type) == "object" then {name: ($author.name | words), id: null}
             else $author end),
    title: (.name // .headline | words),
    title_html: true,
    text: (.reviewBody // .description // .text | words),
    rating: (if ($r | type) == "object" then ($r.ratingValue | words) else $r end),
    best: (if ($r | type) == "object" then ($r | scale("bestRating")) else null end),
    worst: (if ($r | type) == "object" then ($r | scale("worstRating")) else null end),
    lang: (.inLanguage | words),
    created: (.datePublished // .dateCreated | words),
    edited: (.dateModified | words),
    # without an id: what the author would not change when editing
    hash: (if $id then null else
             [($author | if type == "object" then (.name | words) else . end),
              (.datePublished // .dateCreated | words),
              (if (.datePublished // .dateCreated) then null else (.reviewBody // .description | words) end)]
           end)
  }
| select((.text // "") != "" or (.title // "") != "" or .rating != null)
