-- +goose Up
-- The closed pages of the archives, each by the appearance number that ends it;
-- it begins after the one before. What was closed once stays.
CREATE TABLE archive_page (
  feed TEXT    NOT NULL, -- what the archive is of, in article.Cut's words
  last INTEGER NOT NULL,
  PRIMARY KEY (feed, last)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_page_last ON archive_page (last);

-- +goose Down
DROP TABLE archive_page;
