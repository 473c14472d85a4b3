-- +goose Up

-- Times are UTC milliseconds; ids are ULIDs; money is in minor units.

CREATE TABLE room (
  id         TEXT PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE,
  title      TEXT NOT NULL,
  key_hash   BLOB NOT NULL UNIQUE,           -- keyed hash, to find a room by its key
  key_sealed BLOB NOT NULL,                  -- encrypted, to reveal it
  msn        INTEGER NOT NULL DEFAULT 1,     -- media sequence numbers below are used up, over all broadcasts
  created_at INTEGER NOT NULL
);

CREATE TABLE show (
  id         TEXT PRIMARY KEY,
  room       TEXT NOT NULL REFERENCES room(id),
  title      TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('planned','live','paused','ended')),
  seq        INTEGER NOT NULL DEFAULT 0,     -- of the last event; taken under this row's lock
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  paused_at  INTEGER,
  ended_at   INTEGER
);
CREATE INDEX show_room ON show(room, created_at);
CREATE INDEX show_open ON show(state) WHERE state <> 'ended';
CREATE INDEX show_ended ON show(ended_at);

CREATE TABLE broadcast (
  epoch         TEXT PRIMARY KEY,
  room          TEXT NOT NULL REFERENCES room(id),
  show          TEXT NOT NULL REFERENCES show(id),
  anchor        INTEGER NOT NULL,            -- date of output PTS 900000
  msn           INTEGER NOT NULL,            -- marks: numbers below are used up
  part          INTEGER NOT NULL,
  discontinuity INTEGER NOT NULL DEFAULT 0,  -- EXT-X-DISCONTINUITY tags so far
  target        INTEGER NOT NULL DEFAULT 0,  -- TARGETDURATION in 90-kHz ticks, 0: not yet fixed
  part_target   INTEGER NOT NULL DEFAULT 0,
  begun_at      INTEGER NOT NULL,
  reserved_at   INTEGER NOT NULL,            -- when the marks were last written
  lost_at       INTEGER,                     -- both set while the publisher is lost
  deadline      INTEGER,
  ended_at      INTEGER,
  reason        TEXT
);
CREATE UNIQUE INDEX broadcast_open ON broadcast(room) WHERE ended_at IS NULL;
CREATE INDEX broadcast_show ON broadcast(show, begun_at);

CREATE TABLE product (
  id         TEXT PRIMARY KEY,
  sku        TEXT NOT NULL UNIQUE,
  rev        INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);

CREATE TABLE product_rev (                   -- never changed
  product TEXT NOT NULL REFERENCES product(id),
  rev     INTEGER NOT NULL,
  body    TEXT NOT NULL,                     -- overlay.Product
  at      INTEGER NOT NULL,
  PRIMARY KEY (product, rev)
) WITHOUT ROWID;

CREATE TABLE pin (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of pinning
  id          TEXT NOT NULL UNIQUE,          -- of the cue that pinned it
  show        TEXT NOT NULL REFERENCES show(id),
  product     TEXT NOT NULL REFERENCES product(id),
  pinned_at   INTEGER NOT NULL,
  unpinned_at INTEGER
);
CREATE UNIQUE INDEX pin_up ON pin(show, product) WHERE unpinned_at IS NULL;
CREATE INDEX pin_product ON pin(product, show);

CREATE TABLE event (
  show       TEXT NOT NULL REFERENCES show(id),
  seq        INTEGER NOT NULL,
  id         TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  not_before INTEGER,
  product    TEXT,
  payload    TEXT NOT NULL,                  -- in-band JSON
  state      TEXT NOT NULL,                  -- in-band JSON of what holds after it
  landed     TEXT,                           -- overlay.Landing, once it is in the stream
  PRIMARY KEY (show, seq)
);

CREATE TABLE cue (                           -- what was asked for through the API
  id         TEXT PRIMARY KEY,
  room       TEXT NOT NULL REFERENCES room(id),
  show       TEXT NOT NULL REFERENCES show(id),
  epoch      TEXT,                           -- a moment given as pts means this broadcast alone
  kind       TEXT NOT NULL,
  product    TEXT,
  text       TEXT,
  data       TEXT,
  due        INTEGER NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('scheduled','due','cancelled')),
  reason     TEXT,
  created_at INTEGER NOT NULL
);
CREATE INDEX cue_due ON cue(due) WHERE status = 'scheduled';
CREATE INDEX cue_show ON cue(show) WHERE status = 'scheduled';

CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key   TEXT NOT NULL,
  body  BLOB NOT NULL,                       -- hash of the request
  ref   TEXT NOT NULL,                       -- what was made
  at    INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency(at);

CREATE TABLE token (
  hash       BLOB PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE click (
  id      TEXT PRIMARY KEY,
  show    TEXT NOT NULL REFERENCES show(id),
  product TEXT NOT NULL REFERENCES product(id),
  rev     INTEGER NOT NULL,
  at      INTEGER NOT NULL
);
CREATE INDEX click_show ON click(show, product);

CREATE TABLE audit (
  id     TEXT PRIMARY KEY,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  at     INTEGER NOT NULL
);
