-- +goose Up

-- The hosts of a show, in the order in which they take turns.
CREATE TABLE show_roster (
  show  TEXT NOT NULL REFERENCES show(id),
  host  TEXT NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (show, host)
) WITHOUT ROWID;

-- Who presents from a moment of the picture on, until the next row. Moments before the first row are of its host.
CREATE TABLE show_host (
  show    TEXT NOT NULL REFERENCES show(id),
  from_at INTEGER NOT NULL,                      -- of the picture
  host    TEXT NOT NULL,                         -- '': nobody who gets a share
  told_at INTEGER NOT NULL,                      -- when somebody said so
  PRIMARY KEY (show, from_at)
) WITHOUT ROWID;

INSERT INTO show_roster(show, host, place) SELECT id, presenter, 0 FROM show WHERE presenter IS NOT NULL;
INSERT INTO show_host(show, from_at, host, told_at) SELECT id, 0, presenter, 0 FROM show WHERE presenter IS NOT NULL;

ALTER TABLE click ADD COLUMN moment INTEGER;      -- of the picture that its viewer saw; NULL: not known
ALTER TABLE shop_order ADD COLUMN moment INTEGER; -- that of its click
