-- +goose Up

-- As the step of SQLite with this number.

-- Units of products that are given to shows.
CREATE TABLE allocation (
  id         TEXT COLLATE "C" PRIMARY KEY,
  show       TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  product    TEXT COLLATE "C" NOT NULL,
  variant    TEXT COLLATE "C" NOT NULL,                  -- '': the product, and variants that have none of their own
  total      BIGINT NOT NULL,
  held       BIGINT NOT NULL,
  sold       BIGINT NOT NULL,
  rev        BIGINT NOT NULL,
  CHECK (held >= 0 AND sold >= 0 AND held + sold <= total),
  UNIQUE (show, product, variant)
);

-- Units that are kept for a buyer while a checkout can still be paid.
CREATE TABLE hold (
  id         TEXT COLLATE "C" PRIMARY KEY,               -- drawn by chance: who knows it may give the units back
  allocation TEXT COLLATE "C" NOT NULL REFERENCES allocation(id),
  shop       TEXT COLLATE "C" NOT NULL REFERENCES shop(id),
  quantity   BIGINT NOT NULL,
  state      TEXT COLLATE "C" NOT NULL,
  purchase   TEXT COLLATE "C" NOT NULL,                  -- JSON: what the checkout is opened with
  session    TEXT COLLATE "C",                           -- the checkout's own name; NULL: it is not known whether there is one
  address    TEXT COLLATE "C",                           -- where the buyer pays
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ask_at     BIGINT NOT NULL,               -- when the checkout is asked next
  CHECK (quantity > 0)
);
CREATE INDEX hold_allocation ON hold(allocation, state);
CREATE INDEX hold_ask ON hold(ask_at) WHERE state IN ('active', 'expiring');

-- Units of allocations that orders have, and units that were paid when none was left.
CREATE TABLE order_unit (
  shop_order TEXT COLLATE "C" NOT NULL REFERENCES shop_order(id),
  allocation TEXT COLLATE "C" NOT NULL REFERENCES allocation(id),
  sold       BIGINT NOT NULL,
  missing    BIGINT NOT NULL,
  PRIMARY KEY (shop_order, allocation),
  CHECK (sold >= 0 AND missing >= 0)
);
CREATE INDEX order_unit_allocation ON order_unit(allocation);

ALTER TABLE shop_order ADD COLUMN unallocated BIGINT NOT NULL DEFAULT 0;
