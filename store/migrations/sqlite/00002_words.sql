-- +goose Up
-- Full text: streams of tokens as package article makes them, by the article's
-- number. Each token stands between spaces and holds nothing else that the
-- ascii tokeniser knows, so that all of the understanding is ours. The texts
-- themselves are not kept twice.

-- What anybody may find: articles that have appeared and name no feeds.
CREATE VIRTUAL TABLE words USING fts5 (title, lead, body, content='', contentless_delete=1, tokenize='ascii');
-- Articles that name the feeds they belong to, and so may be private.
CREATE VIRTUAL TABLE words_named USING fts5 (title, lead, body, content='', contentless_delete=1, tokenize='ascii');

-- Articles that the two do not know as they are now.
CREATE TABLE words_due (
  article INTEGER NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO words_due SELECT number FROM article WHERE revision <> 0;

-- +goose StatementBegin
CREATE TRIGGER article_words_new AFTER INSERT ON article WHEN new.state = 0 AND new.appeared <> 0 AND new.revision <> 0
BEGIN
  INSERT INTO words_due (article) VALUES (new.number) ON CONFLICT DO NOTHING;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER article_words_changed AFTER UPDATE ON article
WHEN (new.appeared <> 0 OR old.appeared <> 0) AND new.revision <> 0
 AND (old.shown <> new.shown OR old.state <> new.state OR old.appeared <> new.appeared OR old.feeds <> new.feeds OR old.revision <> new.revision)
BEGIN
  INSERT INTO words_due (article) VALUES (new.number) ON CONFLICT DO NOTHING;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER article_words_new;
DROP TRIGGER article_words_changed;
DROP TABLE words_due;
DROP TABLE words_named;
DROP TABLE words;
