# JSON Feed 1.0 and 1.1; 1.0 had one `author`, 1.1 has `authors`
def s: if type == "string" then . else null end;
{
  id: (.id // .url // .external_url),
  url: (.url // .external_url),
  base: ([$page.home_page_url, $page.feed_url | strings] | .[0]),
  title,
  text: ((.content_html | s) // (.content_text | s) // (.summary | s)),
  format: (if (.content_html | s) then "html" else "text" end),
  author: ([.authors, .author, $page.authors, $page.author | select(. != null)] # flatten is dear
           | if . == [] then {} else flatten | map(objects)
             | map(select((.name | type) == "string" or (.url | type) == "string")) | .[0] // {} end
           | {name, id: .url}),
  lang: ((.language | s) // ($page.language | s)),
  created: (.date_published // .date_modified),
  edited: (if .date_published then .date_modified else null end)
}
