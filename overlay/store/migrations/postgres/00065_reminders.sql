-- +goose Up

-- As the step of SQLite with this number.

-- Contacts that want to be told when a show begins. Who they are is sealed, and erased after the show.
CREATE TABLE reminder (
  id         TEXT COLLATE "C" PRIMARY KEY,
  show       TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  way        TEXT COLLATE "C" NOT NULL,                    -- mail or push
  contact    BYTEA NOT NULL,                    -- keyed hash of the address
  sealed     BYTEA NOT NULL,                    -- the address, and the text of the links
  token      BYTEA NOT NULL,                    -- keyed hash of that text
  ref        TEXT COLLATE "C" NOT NULL,                    -- of the link to the show
  language   TEXT COLLATE "C" NOT NULL,
  confirmed  BIGINT NOT NULL,                 -- 1: it is the reader's own address
  told       BIGINT NOT NULL,                 -- 1: it was told that the show begins; 2: and then that it has another time
  came       BIGINT NOT NULL,                 -- 1: the link was opened while the show was on
  starts_at  BIGINT,                          -- the planned time that it knows
  letter     TEXT COLLATE "C",                             -- the kind of letter that waits; NULL: none
  stage      TEXT COLLATE "C",                             -- waiting, sending, handed; NULL: no letter
  tries      BIGINT NOT NULL,
  next_at    BIGINT,                          -- when the letter is due
  until      BIGINT,                          -- after it the letter is of no use
  created_at BIGINT NOT NULL,
  UNIQUE (show, contact)
);
CREATE UNIQUE INDEX reminder_token ON reminder(token);
CREATE INDEX reminder_due ON reminder(next_at) WHERE stage IS NOT NULL;

-- What is known of the reminders of a show when the contacts are gone.
CREATE TABLE show_reminder (
  show      TEXT COLLATE "C" PRIMARY KEY REFERENCES show(id),
  closed    BIGINT NOT NULL,                  -- 1: nobody can book
  early     BIGINT NOT NULL,                  -- minutes before the planned time; 0: at the beginning
  booked    BIGINT NOT NULL,
  confirmed BIGINT NOT NULL,
  told      BIGINT NOT NULL,
  came      BIGINT NOT NULL,
  failed    BIGINT NOT NULL
);

-- How many letters went to an address that strangers can name, within a day.
CREATE TABLE reminder_asked (
  contact BYTEA PRIMARY KEY,                    -- keyed hash of the address
  since   BIGINT NOT NULL,
  n       BIGINT NOT NULL
);
CREATE INDEX reminder_asked_since ON reminder_asked(since);
