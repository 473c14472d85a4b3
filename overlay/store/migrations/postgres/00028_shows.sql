-- +goose Up

-- Shows that are planned ahead: when, in which zone that is told, and with which picture. A rehearsal is private.
ALTER TABLE show ADD COLUMN starts_at BIGINT;
ALTER TABLE show ADD COLUMN timezone TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE show ADD COLUMN picture TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE show ADD COLUMN rehearsal BIGINT NOT NULL DEFAULT 0;

-- The line-up's revision, and its place: the product that next or previous pinned last, and the id of that pin.
ALTER TABLE show ADD COLUMN lineup_rev BIGINT NOT NULL DEFAULT 0;
ALTER TABLE show ADD COLUMN line TEXT COLLATE "C";
ALTER TABLE show ADD COLUMN line_pin TEXT COLLATE "C";
CREATE INDEX show_planned ON show(room, starts_at) WHERE state = 'planned';

CREATE TABLE lineup (
  show          TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  pos           BIGINT NOT NULL,              -- from 1
  product       TEXT COLLATE "C" NOT NULL REFERENCES product(id),
  price         BIGINT,                       -- in this show; NULL: as in the catalogue
  max_per_order BIGINT,
  button_label  TEXT COLLATE "C",
  note          TEXT COLLATE "C",                          -- for the host
  reveal_at     BIGINT,                       -- NULL: with its first pin
  rev           BIGINT,                       -- the product's revision that the show keeps; NULL: it has not begun
  PRIMARY KEY (show, pos),
  UNIQUE (show, product)
);
CREATE INDEX lineup_product ON lineup(product);

-- A product as a show tells of it: each change makes a row, and the greatest rev holds.
CREATE TABLE show_product (
  show    TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  product TEXT COLLATE "C" NOT NULL REFERENCES product(id),
  rev     BIGINT NOT NULL,
  body    TEXT COLLATE "C" NOT NULL,                       -- overlay.Product
  PRIMARY KEY (show, product, rev)
);
CREATE INDEX show_product_product ON show_product(product);
