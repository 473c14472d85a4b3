-- +goose Up

-- As the step of SQLite with this number.
ALTER TABLE import_job ADD COLUMN linkless BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_rejected ADD COLUMN sku TEXT COLLATE "C";
ALTER TABLE import_rejected ADD COLUMN title TEXT COLLATE "C";
