-- +goose Up

-- As the step of SQLite with this number.
ALTER TABLE show ADD COLUMN plan_rev BIGINT NOT NULL DEFAULT 1;
ALTER TABLE show ADD COLUMN plan_by TEXT COLLATE "C";
ALTER TABLE show ADD COLUMN plan_at BIGINT;
