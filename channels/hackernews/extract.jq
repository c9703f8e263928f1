# Hits of Algolia have objectID and author, items of the official API id and by.
if .deleted == true then {id: (.objectID // .id | tostring), deleted: true} else
select((.dead // false) | not)
| ((.objectID // .id) | tostring) as $id
| {
    id: $id,
    url: "https://news.ycombinator.com/item?id=\($id)",
    author: (.author // .by),
    title: (.title // .story_title),
    text: (.comment_text // .story_text // .text // ""),
    title_html: false,
    created: (.created_at_i // .time // .created_at),
    # updated_at is when the search indexed it, not an edit
    parent: ((.parent_id // .parent // null) | if . == null then null else tostring end),
    likes: (.points // .score),
    replies: (.num_comments // .descendants // (.kids | if . then length else null end))
  }
| select((.text // "") != "" or (.title // "") != "")
end
