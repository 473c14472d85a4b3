-- +goose Up

-- What the first request with a key was answered, as JSON; NULL where that is not kept.
ALTER TABLE idempotency ADD COLUMN answer TEXT;

-- What the store notes about itself.
CREATE TABLE note (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
