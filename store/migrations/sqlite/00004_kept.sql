-- +goose Up
-- When the file of an article went that stays all the same (on_remove: keep);
-- 0 while its file is there. Renames are looked for among these too.
ALTER TABLE article ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
CREATE INDEX article_kept      ON article (path) WHERE kept <> 0;
CREATE INDEX article_kept_same ON article (same) WHERE kept <> 0;
CREATE INDEX article_kept_wish ON article (wish) WHERE kept <> 0;

-- +goose Down
DROP INDEX article_kept_wish;
DROP INDEX article_kept_same;
DROP INDEX article_kept;
ALTER TABLE article DROP COLUMN kept;
