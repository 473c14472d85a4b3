-- +goose Up

-- When a token was used last, to the minute; NULL: never.
ALTER TABLE token ADD COLUMN used_at INTEGER;
