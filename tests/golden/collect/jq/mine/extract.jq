{id,
 text: .a |}
