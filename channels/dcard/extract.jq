# hidden comments have no words; updatedAt moves with likes, so edits are told by the text
if .hidden == true then {id: (if has("postId") then "\(.postId)/\(.id)" else .id end), deleted: true}
elif has("postId") then
    {id: "\(.postId)/\(.id)", author: null, text: (.content // ""), created: .createdAt, parent: .postId, likes: .likeCount,
     url: "https://www.dcard.tw/f/all/p/\(.postId)/b/\(.floor // "")"}
  else
    {id, url: "https://www.dcard.tw/f/\(.forumAlias // "all")/p/\(.id)", title, text: (.content // .excerpt // ""),
     created: .createdAt, likes: .likeCount, replies: .commentCount}
  end
