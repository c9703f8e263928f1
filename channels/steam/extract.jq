# A vote is recommended or not; Steam gives no names, only Steam ids.
{english: "en", schinese: "zh-Hans", tchinese: "zh-Hant", koreana: "ko", japanese: "ja",
 german: "de", french: "fr", italian: "it", spanish: "es", latam: "es-419", portuguese: "pt",
 brazilian: "pt-BR", russian: "ru", polish: "pl", turkish: "tr", thai: "th", ukrainian: "uk",
 vietnamese: "vi", dutch: "nl", swedish: "sv", danish: "da", norwegian: "no", finnish: "fi",
 czech: "cs", hungarian: "hu", romanian: "ro", bulgarian: "bg", greek: "el", arabic: "ar",
 indonesian: "id"} as $langs
| (.author // {}) as $author
| {
    id: .recommendationid,
    url: (if $author.steamid and $p.app then
            "https://steamcommunity.com/profiles/\($author.steamid)/recommended/\($p.app)/"
          else null end),
    author: {id: $author.steamid, name: ($author.personaname // null)},
    text: .review,
    lang: ($langs[.language // ""] // null),
    rating: (if .voted_up == true then "Recommended"
             elif .voted_up == false then "Not Recommended" else null end),
    created: .timestamp_created,
    edited: .timestamp_updated,
    likes: (if (.votes_up // 0) < 4294000000 then .votes_up else null end),   # Steam counts below zero so
    replies: .comment_count
  }
