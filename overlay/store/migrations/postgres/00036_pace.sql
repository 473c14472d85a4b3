-- +goose Up

-- As the step of SQLite with this number.

-- When a show's last cues came, as a JSON list of milliseconds: a show takes only so many a second.
ALTER TABLE show ADD COLUMN cue_times TEXT COLLATE "C";

-- Changes of pinned products that wait until the show takes another cue. body is overlay.Product as viewers know it until then,
-- actor is overlay.By of the last change.
CREATE TABLE waiting_update (
  show    TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  product TEXT COLLATE "C" NOT NULL REFERENCES product(id),
  due     BIGINT NOT NULL,
  body    TEXT COLLATE "C" NOT NULL,
  actor   TEXT COLLATE "C",
  PRIMARY KEY (show, product)
);
CREATE INDEX waiting_update_due ON waiting_update(due);
CREATE INDEX waiting_update_product ON waiting_update(product);
