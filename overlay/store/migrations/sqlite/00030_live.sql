-- +goose Up

-- How much later a room's cues for now land, in milliseconds; NULL: the configuration's.
ALTER TABLE room ADD COLUMN cue_delay INTEGER;

-- Sums over the audience of a show, from the beacons of players.
CREATE TABLE show_watched (
  show       TEXT NOT NULL REFERENCES show(id),
  likes      INTEGER NOT NULL,
  watched_ms INTEGER NOT NULL,
  peak       INTEGER NOT NULL,                   -- the most viewers at a time
  PRIMARY KEY (show)
) WITHOUT ROWID;
CREATE TABLE show_impression (
  show        TEXT NOT NULL REFERENCES show(id),
  product     TEXT NOT NULL REFERENCES product(id),
  impressions INTEGER NOT NULL,
  PRIMARY KEY (show, product)
) WITHOUT ROWID;
CREATE INDEX show_impression_product ON show_impression(product);
