-- +goose Up

-- The title that the configuration gave a room last: only another one there sets it again, so that a room which was
-- renamed keeps its name over a start.
ALTER TABLE room ADD COLUMN config_title TEXT;
