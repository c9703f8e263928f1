# numbers and booleans are strings; there are no stars, at most good, neutral, bad
def word: {"1": "好评", "0": "中评", "-1": "差评"}[tostring];
select((.rateContent // .feedback // .reviewWordContent // .content // "") | test("^(此用户没有填写评[价论]|系统默认好评|评价方未及时做出评价)") | not)
| {
    id: (.id // .rateId),
    scope: (.auctionNumId // .auction.aucNumId? // (.aucNumId | if . == "" then null else . end)),
    author: {name: (.displayUserNick // .userNick // .user.nick?)},
    text: ([(.rateContent // .feedback // .reviewWordContent // .content), (.appendComment.content? // .appendedFeed.appendedFeedback? // .append.content? // .reviewAppendVO.appendedWordContent? // empty)] | join("<br><br>")),
    rating: ((.rateType // .rate) as $r | if ($r | type) == "string" or ($r | type) == "number" then ($r | word) else null end),
    created: (.rateDate // .feedbackDate // .reviewDate // .date)
  }
