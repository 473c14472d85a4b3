-- +goose Up

-- Contacts that want to be told when a show begins. Who they are is sealed, and erased after the show.
CREATE TABLE reminder (
  id         TEXT PRIMARY KEY,
  show       TEXT NOT NULL REFERENCES show(id),
  way        TEXT NOT NULL,                    -- mail or push
  contact    BLOB NOT NULL,                    -- keyed hash of the address
  sealed     BLOB NOT NULL,                    -- the address, and the text of the links
  token      BLOB NOT NULL,                    -- keyed hash of that text
  ref        TEXT NOT NULL,                    -- of the link to the show
  language   TEXT NOT NULL,
  confirmed  INTEGER NOT NULL,                 -- 1: it is the reader's own address
  told       INTEGER NOT NULL,                 -- 1: it was told that the show begins; 2: and then that it has another time
  came       INTEGER NOT NULL,                 -- 1: the link was opened while the show was on
  starts_at  INTEGER,                          -- the planned time that it knows
  letter     TEXT,                             -- the kind of letter that waits; NULL: none
  stage      TEXT,                             -- waiting, sending, handed; NULL: no letter
  tries      INTEGER NOT NULL,
  next_at    INTEGER,                          -- when the letter is due
  until      INTEGER,                          -- after it the letter is of no use
  created_at INTEGER NOT NULL,
  UNIQUE (show, contact)
);
CREATE UNIQUE INDEX reminder_token ON reminder(token);
CREATE INDEX reminder_due ON reminder(next_at) WHERE stage IS NOT NULL;

-- What is known of the reminders of a show when the contacts are gone.
CREATE TABLE show_reminder (
  show      TEXT PRIMARY KEY REFERENCES show(id),
  closed    INTEGER NOT NULL,                  -- 1: nobody can book
  early     INTEGER NOT NULL,                  -- minutes before the planned time; 0: at the beginning
  booked    INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  told      INTEGER NOT NULL,
  came      INTEGER NOT NULL,
  failed    INTEGER NOT NULL
);

-- How many letters went to an address that strangers can name, within a day.
CREATE TABLE reminder_asked (
  contact BLOB PRIMARY KEY,                    -- keyed hash of the address
  since   INTEGER NOT NULL,
  n       INTEGER NOT NULL
);
CREATE INDEX reminder_asked_since ON reminder_asked(since);
