-- +goose Up

-- What an action changed, from what to what: JSON of overlay.Altered. Missing where it does not matter, and in older entries.
ALTER TABLE audit ADD COLUMN changes TEXT;
