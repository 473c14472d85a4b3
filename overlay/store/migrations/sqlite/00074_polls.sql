-- +goose Up

-- Questions of a show that its viewers answer with one tap.
CREATE TABLE poll (
  id        TEXT PRIMARY KEY,
  show      TEXT NOT NULL REFERENCES show(id),
  question  TEXT NOT NULL,
  options   TEXT NOT NULL,              -- JSON: a list of texts
  votes     TEXT NOT NULL,              -- JSON: for each option, how many chose it
  state     TEXT NOT NULL,              -- draft, open or closed
  hidden    INTEGER NOT NULL,           -- 1: viewers see the result when it is closed
  seconds   INTEGER NOT NULL,           -- for how long it is open; 0: until it is closed
  opened_at INTEGER,
  ends_at   INTEGER,
  closed_at INTEGER,
  told_at   INTEGER,                    -- when the picture told of it last
  due       INTEGER                     -- when it closes, or the picture tells new sums; NULL: nothing waits
);
CREATE INDEX poll_show ON poll(show, id);
CREATE INDEX poll_due ON poll(due) WHERE due IS NOT NULL;
CREATE UNIQUE INDEX poll_open ON poll(show) WHERE state = 'open';

-- Who chose what, until the show has ended: so a viewer counts once, and can choose anew.
CREATE TABLE poll_vote (
  poll   TEXT NOT NULL REFERENCES poll(id),
  viewer TEXT NOT NULL,
  choice INTEGER NOT NULL,
  PRIMARY KEY (poll, viewer)
) WITHOUT ROWID;
CREATE INDEX poll_vote_viewer ON poll_vote(viewer);
