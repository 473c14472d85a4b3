-- +goose Up

-- Shows that are planned ahead: when, in which zone that is told, and with which picture. A rehearsal is private.
ALTER TABLE show ADD COLUMN starts_at INTEGER;
ALTER TABLE show ADD COLUMN timezone TEXT NOT NULL DEFAULT '';
ALTER TABLE show ADD COLUMN picture TEXT NOT NULL DEFAULT '';
ALTER TABLE show ADD COLUMN rehearsal INTEGER NOT NULL DEFAULT 0;

-- The line-up's revision, and its place: the product that next or previous pinned last, and the id of that pin.
ALTER TABLE show ADD COLUMN lineup_rev INTEGER NOT NULL DEFAULT 0;
ALTER TABLE show ADD COLUMN line TEXT;
ALTER TABLE show ADD COLUMN line_pin TEXT;
CREATE INDEX show_planned ON show(room, starts_at) WHERE state = 'planned';

CREATE TABLE lineup (
  show          TEXT NOT NULL REFERENCES show(id),
  pos           INTEGER NOT NULL,              -- from 1
  product       TEXT NOT NULL REFERENCES product(id),
  price         INTEGER,                       -- in this show; NULL: as in the catalogue
  max_per_order INTEGER,
  button_label  TEXT,
  note          TEXT,                          -- for the host
  reveal_at     INTEGER,                       -- NULL: with its first pin
  rev           INTEGER,                       -- the product's revision that the show keeps; NULL: it has not begun
  PRIMARY KEY (show, pos),
  UNIQUE (show, product)
);
CREATE INDEX lineup_product ON lineup(product);

-- A product as a show tells of it: each change makes a row, and the greatest rev holds.
CREATE TABLE show_product (
  show    TEXT NOT NULL REFERENCES show(id),
  product TEXT NOT NULL REFERENCES product(id),
  rev     INTEGER NOT NULL,
  body    TEXT NOT NULL,                       -- overlay.Product
  PRIMARY KEY (show, product, rev)
) WITHOUT ROWID;
CREATE INDEX show_product_product ON show_product(product);
