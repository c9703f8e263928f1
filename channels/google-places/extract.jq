# the old interface has no id: who and when; the new one names each review
if .authorAttribution then
  {id: .name, url: .googleMapsUri, author: {id: .authorAttribution.uri, name: .authorAttribution.displayName},
   text: ((.originalText // .text).text), lang: ((.originalText // .text).languageCode), rating, created: .publishTime}
else
  {url: .author_url, author: {id: .author_url, name: .author_name}, text, lang: (.original_language // .language),
   rating, created: .time, hash: [.author_url // .author_name, .time]}
end
