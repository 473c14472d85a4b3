-- +goose Up

-- When a show's last cues came, as a JSON list of milliseconds: a show takes only so many a second.
ALTER TABLE show ADD COLUMN cue_times TEXT;

-- Changes of pinned products that wait until the show takes another cue. body is overlay.Product as viewers know it until then,
-- actor is overlay.By of the last change.
CREATE TABLE waiting_update (
  show    TEXT NOT NULL REFERENCES show(id),
  product TEXT NOT NULL REFERENCES product(id),
  due     INTEGER NOT NULL,
  body    TEXT NOT NULL,
  actor   TEXT,
  PRIMARY KEY (show, product)
) WITHOUT ROWID;
CREATE INDEX waiting_update_due ON waiting_update(due);
CREATE INDEX waiting_update_product ON waiting_update(product);
