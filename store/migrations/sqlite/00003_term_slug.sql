-- +goose Up
-- Slugs that the config gave a category, now or once: never given to another
-- spelling, and each leads to it for ever.
CREATE TABLE term_slug (
  kind     TEXT    NOT NULL,
  slug     TEXT    NOT NULL,
  spelling INTEGER NOT NULL REFERENCES spelling (number),
  PRIMARY KEY (kind, slug)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE term_slug;
