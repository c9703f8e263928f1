# rows the shop system wrote for silent buyers are nobody's words; names are masked, so no identity
(.content // .commentData // "") as $said
| select($said | test("^(此用户未填写评价内容|此用户未及时填写评价内容|系统默认好评|用户未填写评价内容)") | not)
| {
    id: (.guid // .id // .commentId),
    url: null,
    scope: .referenceId,
    author: {name: (.nickname // .userNickName)},
    text: ([$said, (.afterUserComment.hAfterUserComment.content? // .afterUserComment.content? // empty)] | join("<br><br>")),
    rating: (.score // .commentScore),
    created: (.creationTime // .commentDate),
    likes: .usefulVoteCount,
    replies: .replyCount
  }
