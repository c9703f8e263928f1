# Routes without dates put the time of fetching on every item: then no date is better than a wrong
# one. Titles are often the beginning of the text. "en" stands on feeds in any language.
($page.items | length > 1 and ([.[] | .created // .date_published] | unique | length) == 1) as $fetched
| ((.text // "") | gsub("<[^>]*>"; "") | gsub("\\s+"; " ") | ltrimstr(" ")) as $plain
| ((.title // "") | gsub("\\s+"; " ") | sub("( ?(…|\\.\\.\\.)| ?\\[[^\\]]{1,6}\\])+ *$"; "")) as $short
| (if $fetched then del(.created) else . end)
| (if $short != "" and ($plain | startswith($short)) then del(.title) else . end)
| (if (.lang // $page.lang // "" | startswith("en")) and ($plain | test("[\\x{4e00}-\\x{9fff}]{2}")) then .lang = "zh" else . end)
