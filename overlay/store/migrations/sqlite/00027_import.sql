-- +goose Up

-- Imports of catalogues. A product at revision 0 is prepared by one: no revision has that number, so nobody finds it.
CREATE TABLE import_job (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('reading','ready','applying','applied','failed')),
  dry_run    INTEGER NOT NULL,
  source     TEXT NOT NULL,                  -- what the file is called, for people
  file       TEXT,                           -- where the server keeps it until it is read; NULL: it does not
  address    TEXT,                           -- where the file is fetched from; NULL: somebody sent it
  currency   TEXT,
  problem    TEXT,
  done       INTEGER NOT NULL DEFAULT 0,
  total      INTEGER NOT NULL DEFAULT 0,
  fresh      INTEGER NOT NULL DEFAULT 0,     -- counts of products
  changed    INTEGER NOT NULL DEFAULT 0,
  unchanged  INTEGER NOT NULL DEFAULT 0,
  missing    INTEGER NOT NULL DEFAULT 0,
  rejected   INTEGER NOT NULL DEFAULT 0,     -- count of rows
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at   INTEGER                         -- applied or failed
);
CREATE INDEX import_open ON import_job(id) WHERE ended_at IS NULL;
-- One at a time, so that no two prepare the same revision.
CREATE UNIQUE INDEX import_applying ON import_job(state) WHERE state = 'applying';

CREATE TABLE import_row (                    -- a product that is new or changed; gone when the import is applied
  job     TEXT NOT NULL REFERENCES import_job(id),
  line    INTEGER NOT NULL,                  -- in the file
  product TEXT NOT NULL,                     -- its id; of a new one, the one that it will have
  sku     TEXT NOT NULL,
  base    INTEGER NOT NULL,                  -- the revision that it was compared with; 0: it is new
  rev     INTEGER NOT NULL,                  -- the revision that it will have
  body    TEXT NOT NULL,                     -- overlay.Product at that revision
  danger  TEXT,                              -- what has to be confirmed
  was     TEXT,
  becomes TEXT,
  prepared INTEGER NOT NULL DEFAULT 0,        -- 1: its revision is there
  skipped  INTEGER NOT NULL DEFAULT 0,        -- 1: it could not be applied
  PRIMARY KEY (job, line)
) WITHOUT ROWID;
CREATE INDEX import_row_danger ON import_row(job, danger) WHERE danger IS NOT NULL;

CREATE TABLE import_rejected (               -- the first ones
  job    TEXT NOT NULL REFERENCES import_job(id),
  n      INTEGER NOT NULL,
  line   INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (job, n)
) WITHOUT ROWID;
