-- +goose Up
ALTER TABLE org ADD COLUMN language TEXT COLLATE "C";

CREATE TABLE letter (
  id         TEXT COLLATE "C" PRIMARY KEY,
  kind       TEXT COLLATE "C" NOT NULL,
  email      TEXT COLLATE "C" NOT NULL,
  language   TEXT COLLATE "C" NOT NULL,
  org        TEXT COLLATE "C",
  invitation TEXT COLLATE "C",
  secret     BYTEA,
  state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting','sending','sent','failed','nobody')),
  tries      BIGINT NOT NULL,
  problem    TEXT COLLATE "C",
  next_at    BIGINT NOT NULL,
  tried_at   BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX letter_due ON letter(state, next_at);
CREATE INDEX letter_email ON letter(email, created_at);
CREATE INDEX letter_tried ON letter(tried_at);
CREATE INDEX letter_invitation ON letter(invitation);
