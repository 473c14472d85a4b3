-- +goose Up

-- As the step of SQLite with this number.

-- Files of products at addresses, which the server fetches again and again.
CREATE TABLE feed (
  id         TEXT COLLATE "C" PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  address    TEXT COLLATE "C" NOT NULL,
  currency   TEXT COLLATE "C",
  every      BIGINT NOT NULL,               -- milliseconds
  next_at    BIGINT,                        -- NULL: it pauses
  job        TEXT COLLATE "C",                           -- the last import
  created_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (org, address)
);
CREATE INDEX feed_next ON feed(next_at) WHERE next_at IS NOT NULL;
ALTER TABLE import_job ADD COLUMN feed TEXT COLLATE "C";
CREATE INDEX import_org ON import_job(org, id);


-- Room in each page for the next version of its rows: an import lets all products point at new revisions in one moment.
ALTER TABLE product SET (fillfactor = 60);
