-- Words of the messages, by message id. Contentless: the text itself stays in `messages`.
-- Chinese, Japanese and Korean runs are cut into pairs before they get here (src/store/search-text.ts).
CREATE VIRTUAL TABLE message_words USING fts5(
  text,
  thinking,
  content='',
  contentless_delete=1,
  tokenize="unicode61 remove_diacritics 2"
);
