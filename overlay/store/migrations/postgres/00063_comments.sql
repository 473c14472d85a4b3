-- +goose Up

-- As the step of SQLite with this number.

-- What viewers and hosts write in the chats of shows.
CREATE TABLE comment (
  id         TEXT COLLATE "C" PRIMARY KEY,
  show       TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  viewer     TEXT COLLATE "C" NOT NULL,          -- who wrote it; '': the host, or it is erased
  name       TEXT COLLATE "C" NOT NULL,
  body       TEXT COLLATE "C" NOT NULL,
  at         BIGINT NOT NULL,       -- the moment of the picture
  sent_at    BIGINT NOT NULL,
  reply_to   TEXT COLLATE "C",
  likes      BIGINT NOT NULL,
  host       BIGINT NOT NULL,       -- 1: the host's own
  verified   BIGINT NOT NULL,       -- 1: the embedding site signs for the name
  question   BIGINT NOT NULL,
  answered   BIGINT NOT NULL,
  pinned     BIGINT NOT NULL,
  shadow     BIGINT NOT NULL,       -- 1: only its viewer sees it
  deleted_at BIGINT,
  erased_at  BIGINT
);
CREATE INDEX comment_show ON comment(show, id);
CREATE INDEX comment_at ON comment(show, at, id);
CREATE INDEX comment_liked ON comment(show, likes, id) WHERE likes > 0;
CREATE INDEX comment_viewer ON comment(viewer, show);
CREATE INDEX comment_pinned ON comment(show) WHERE pinned = 1;

-- Viewers who may not write in a room.
CREATE TABLE chat_mute (
  room     TEXT COLLATE "C" NOT NULL REFERENCES room(id),
  viewer   TEXT COLLATE "C" NOT NULL,
  name     TEXT COLLATE "C" NOT NULL,
  until_at BIGINT,                  -- NULL: for good
  shadow   BIGINT NOT NULL,         -- 1: the viewer can write, and alone sees it
  made_by  TEXT COLLATE "C" NOT NULL,
  made_at  BIGINT NOT NULL,
  PRIMARY KEY (room, viewer)
);

-- How the chats of rooms are set; a room without a row has the default.
CREATE TABLE chat_setting (
  room TEXT COLLATE "C" PRIMARY KEY REFERENCES room(id),
  body TEXT COLLATE "C" NOT NULL
);

-- The keys with which embedding sites sign for the names of their users.
CREATE TABLE chat_key (
  org          TEXT COLLATE "C" PRIMARY KEY REFERENCES org(id),
  secret       BYTEA NOT NULL,
  made_at      BIGINT NOT NULL,
  former       BYTEA,                 -- the key before, which holds a while
  former_until BIGINT
);
