-- +goose Up

-- Files of products at addresses, which the server fetches again and again.
CREATE TABLE feed (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  address    TEXT NOT NULL,
  currency   TEXT,
  every      INTEGER NOT NULL,               -- milliseconds
  next_at    INTEGER,                        -- NULL: it pauses
  job        TEXT,                           -- the last import
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (org, address)
);
CREATE INDEX feed_next ON feed(next_at) WHERE next_at IS NOT NULL;
ALTER TABLE import_job ADD COLUMN feed TEXT;
CREATE INDEX import_org ON import_job(org, id);

