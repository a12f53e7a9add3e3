-- +goose Up
-- A new database has not been filled by a first scan, whatever cuts that off.
INSERT INTO meta (name, value) SELECT 'unread', '1' WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'now');

-- +goose Down
DELETE FROM meta WHERE name = 'unread';
