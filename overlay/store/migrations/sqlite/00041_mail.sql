-- +goose Up

-- The language of letters that an organisation causes; NULL: English.
ALTER TABLE org ADD COLUMN language TEXT;

CREATE TABLE letter (                        -- a mail that is to be sent, or was
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  email      TEXT NOT NULL,                  -- to whom
  language   TEXT NOT NULL,
  org        TEXT,                           -- whose people asked for it; NULL: the reader did
  invitation TEXT,                           -- the id of the link that it brings; NULL: that is not made yet
  secret     BLOB,                           -- the text of that link, encrypted; NULL: not made yet, or not needed any more
  state      TEXT NOT NULL CHECK (state IN ('waiting','sending','sent','failed','nobody')),  -- nobody: no account has this address
  tries      INTEGER NOT NULL,
  problem    TEXT,                           -- what the mail server said
  next_at    INTEGER NOT NULL,               -- when it is due
  tried_at   INTEGER,
  created_at INTEGER NOT NULL
);
CREATE INDEX letter_due ON letter(state, next_at);
CREATE INDEX letter_email ON letter(email, created_at);
CREATE INDEX letter_tried ON letter(tried_at);
CREATE INDEX letter_invitation ON letter(invitation);
