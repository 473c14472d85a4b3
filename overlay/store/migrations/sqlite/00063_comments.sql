-- +goose Up

-- What viewers and hosts write in the chats of shows.
CREATE TABLE comment (
  id         TEXT PRIMARY KEY,
  show       TEXT NOT NULL REFERENCES show(id),
  viewer     TEXT NOT NULL,          -- who wrote it; '': the host, or it is erased
  name       TEXT NOT NULL,
  body       TEXT NOT NULL,
  at         INTEGER NOT NULL,       -- the moment of the picture
  sent_at    INTEGER NOT NULL,
  reply_to   TEXT,
  likes      INTEGER NOT NULL,
  host       INTEGER NOT NULL,       -- 1: the host's own
  verified   INTEGER NOT NULL,       -- 1: the embedding site signs for the name
  question   INTEGER NOT NULL,
  answered   INTEGER NOT NULL,
  pinned     INTEGER NOT NULL,
  shadow     INTEGER NOT NULL,       -- 1: only its viewer sees it
  deleted_at INTEGER,
  erased_at  INTEGER
);
CREATE INDEX comment_show ON comment(show, id);
CREATE INDEX comment_at ON comment(show, at, id);
CREATE INDEX comment_liked ON comment(show, likes, id) WHERE likes > 0;
CREATE INDEX comment_viewer ON comment(viewer, show);
CREATE INDEX comment_pinned ON comment(show) WHERE pinned = 1;

-- Viewers who may not write in a room.
CREATE TABLE chat_mute (
  room     TEXT NOT NULL REFERENCES room(id),
  viewer   TEXT NOT NULL,
  name     TEXT NOT NULL,
  until_at INTEGER,                  -- NULL: for good
  shadow   INTEGER NOT NULL,         -- 1: the viewer can write, and alone sees it
  made_by  TEXT NOT NULL,
  made_at  INTEGER NOT NULL,
  PRIMARY KEY (room, viewer)
) WITHOUT ROWID;

-- How the chats of rooms are set; a room without a row has the default.
CREATE TABLE chat_setting (
  room TEXT PRIMARY KEY REFERENCES room(id),
  body TEXT NOT NULL
) WITHOUT ROWID;

-- The keys with which embedding sites sign for the names of their users.
CREATE TABLE chat_key (
  org          TEXT PRIMARY KEY REFERENCES org(id),
  secret       BLOB NOT NULL,
  made_at      INTEGER NOT NULL,
  former       BLOB,                 -- the key before, which holds a while
  former_until INTEGER
) WITHOUT ROWID;
