-- +goose Up
-- Every start asks what is wrong with which files; nearly none is.
CREATE INDEX file_fault ON file (path) WHERE fault <> '';

-- +goose Down
DROP INDEX file_fault;
