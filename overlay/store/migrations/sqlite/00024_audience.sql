-- +goose Up

-- An event says for whom it is. pos counts all events of a show; seq counts those for the picture, as the stream
-- carries them. Until now every event was for the picture, and its one number was both.
ALTER TABLE show ADD COLUMN pos INTEGER NOT NULL DEFAULT 0;  -- of the last event; taken under this row's lock, as seq is
UPDATE show SET pos = seq;

CREATE TABLE event_new (
  show       TEXT NOT NULL REFERENCES show(id),
  pos        INTEGER NOT NULL,
  id         TEXT NOT NULL UNIQUE,
  audience   TEXT NOT NULL CHECK (audience IN ('picture','host','private')),
  kind       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  not_before INTEGER,
  product    TEXT,
  payload    TEXT NOT NULL,                  -- JSON; of an event for the picture as it is in-band
  seq        INTEGER,                        -- from here on: of an event for the picture alone
  state      TEXT,                           -- in-band JSON of what holds after it
  landed     TEXT,                           -- overlay.Landing, once it is in the stream
  PRIMARY KEY (show, pos),
  UNIQUE (show, seq),
  CHECK (audience = 'picture' AND seq IS NOT NULL AND state IS NOT NULL
      OR audience <> 'picture' AND seq IS NULL AND state IS NULL AND landed IS NULL)
);
INSERT INTO event_new(show, pos, id, audience, kind, at, not_before, product, payload, seq, state, landed)
  SELECT show, seq, id, 'picture', kind, at, not_before, product, payload, seq, state, landed
  FROM event ORDER BY show, seq;
DROP TABLE event;
ALTER TABLE event_new RENAME TO event;
