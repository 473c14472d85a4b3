-- +goose Up

-- Units of products that are given to shows.
CREATE TABLE allocation (
  id         TEXT PRIMARY KEY,
  show       TEXT NOT NULL REFERENCES show(id),
  product    TEXT NOT NULL,
  variant    TEXT NOT NULL,                  -- '': the product, and variants that have none of their own
  total      INTEGER NOT NULL,
  held       INTEGER NOT NULL,
  sold       INTEGER NOT NULL,
  rev        INTEGER NOT NULL,
  CHECK (held >= 0 AND sold >= 0 AND held + sold <= total),
  UNIQUE (show, product, variant)
);

-- Units that are kept for a buyer while a checkout can still be paid.
CREATE TABLE hold (
  id         TEXT PRIMARY KEY,               -- drawn by chance: who knows it may give the units back
  allocation TEXT NOT NULL REFERENCES allocation(id),
  shop       TEXT NOT NULL REFERENCES shop(id),
  quantity   INTEGER NOT NULL,
  state      TEXT NOT NULL,
  purchase   TEXT NOT NULL,                  -- JSON: what the checkout is opened with
  session    TEXT,                           -- the checkout's own name; NULL: it is not known whether there is one
  address    TEXT,                           -- where the buyer pays
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ask_at     INTEGER NOT NULL,               -- when the checkout is asked next
  CHECK (quantity > 0)
);
CREATE INDEX hold_allocation ON hold(allocation, state);
CREATE INDEX hold_ask ON hold(ask_at) WHERE state IN ('active', 'expiring');

-- Units of allocations that orders have, and units that were paid when none was left.
CREATE TABLE order_unit (
  shop_order TEXT NOT NULL REFERENCES shop_order(id),
  allocation TEXT NOT NULL REFERENCES allocation(id),
  sold       INTEGER NOT NULL,
  missing    INTEGER NOT NULL,
  PRIMARY KEY (shop_order, allocation),
  CHECK (sold >= 0 AND missing >= 0)
) WITHOUT ROWID;
CREATE INDEX order_unit_allocation ON order_unit(allocation);

ALTER TABLE shop_order ADD COLUMN unallocated INTEGER NOT NULL DEFAULT 0;
