-- +goose Up

-- How much later a room's cues for now land, in milliseconds; NULL: the configuration's.
ALTER TABLE room ADD COLUMN cue_delay BIGINT;

-- Sums over the audience of a show, from the beacons of players.
CREATE TABLE show_watched (
  show       TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  likes      BIGINT NOT NULL,
  watched_ms BIGINT NOT NULL,
  peak       BIGINT NOT NULL,                   -- the most viewers at a time
  PRIMARY KEY (show)
);
CREATE TABLE show_impression (
  show        TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  product     TEXT COLLATE "C" NOT NULL REFERENCES product(id),
  impressions BIGINT NOT NULL,
  PRIMARY KEY (show, product)
);
CREATE INDEX show_impression_product ON show_impression(product);
