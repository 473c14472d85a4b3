-- +goose Up

-- As the step of SQLite with this number.

-- Questions of a show that its viewers answer with one tap.
CREATE TABLE poll (
  id        TEXT COLLATE "C" PRIMARY KEY,
  show      TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  question  TEXT COLLATE "C" NOT NULL,
  options   TEXT COLLATE "C" NOT NULL,              -- JSON: a list of texts
  votes     TEXT COLLATE "C" NOT NULL,              -- JSON: for each option, how many chose it
  state     TEXT COLLATE "C" NOT NULL,              -- draft, open or closed
  hidden    BIGINT NOT NULL,           -- 1: viewers see the result when it is closed
  seconds   BIGINT NOT NULL,           -- for how long it is open; 0: until it is closed
  opened_at BIGINT,
  ends_at   BIGINT,
  closed_at BIGINT,
  told_at   BIGINT,                    -- when the picture told of it last
  due       BIGINT                     -- when it closes, or the picture tells new sums; NULL: nothing waits
);
CREATE INDEX poll_show ON poll(show, id);
CREATE INDEX poll_due ON poll(due) WHERE due IS NOT NULL;
CREATE UNIQUE INDEX poll_open ON poll(show) WHERE state = 'open';

-- Who chose what, until the show has ended: so a viewer counts once, and can choose anew.
CREATE TABLE poll_vote (
  poll   TEXT COLLATE "C" NOT NULL REFERENCES poll(id),
  viewer TEXT COLLATE "C" NOT NULL,
  choice BIGINT NOT NULL,
  PRIMARY KEY (poll, viewer)
);
CREATE INDEX poll_vote_viewer ON poll_vote(viewer);
