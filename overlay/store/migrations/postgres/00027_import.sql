-- +goose Up

-- As the step of SQLite with this number, which says what the columns mean.

CREATE TABLE import_job (
  id         TEXT COLLATE "C" PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('reading','ready','applying','applied','failed')),
  dry_run    BIGINT NOT NULL,
  source     TEXT COLLATE "C" NOT NULL,
  file       TEXT COLLATE "C",
  address    TEXT COLLATE "C",
  currency   TEXT COLLATE "C",
  problem    TEXT COLLATE "C",
  done       BIGINT NOT NULL DEFAULT 0,
  total      BIGINT NOT NULL DEFAULT 0,
  fresh      BIGINT NOT NULL DEFAULT 0,
  changed    BIGINT NOT NULL DEFAULT 0,
  unchanged  BIGINT NOT NULL DEFAULT 0,
  missing    BIGINT NOT NULL DEFAULT 0,
  rejected   BIGINT NOT NULL DEFAULT 0,
  created_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX import_open ON import_job(id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX import_applying ON import_job(state) WHERE state = 'applying';

CREATE TABLE import_row (
  job     TEXT COLLATE "C" NOT NULL REFERENCES import_job(id),
  line    BIGINT NOT NULL,
  product TEXT COLLATE "C" NOT NULL,
  sku     TEXT COLLATE "C" NOT NULL,
  base    BIGINT NOT NULL,
  rev     BIGINT NOT NULL,
  body    TEXT COLLATE "C" NOT NULL,
  danger  TEXT COLLATE "C",
  was     TEXT COLLATE "C",
  becomes TEXT COLLATE "C",
  prepared BIGINT NOT NULL DEFAULT 0,
  skipped  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (job, line)
);
CREATE INDEX import_row_danger ON import_row(job, danger) WHERE danger IS NOT NULL;

CREATE TABLE import_rejected (
  job    TEXT COLLATE "C" NOT NULL REFERENCES import_job(id),
  n      BIGINT NOT NULL,
  line   BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (job, n)
);
