-- +goose Up

-- Plans of shows have a revision, and who made it.
ALTER TABLE show ADD COLUMN plan_rev INTEGER NOT NULL DEFAULT 1;
ALTER TABLE show ADD COLUMN plan_by TEXT;
ALTER TABLE show ADD COLUMN plan_at INTEGER;
