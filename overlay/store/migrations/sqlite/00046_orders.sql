-- +goose Up

-- Shops: checkouts of organisations, in which their products are paid for.
CREATE TABLE shop (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  stock      TEXT NOT NULL,
  config     TEXT NOT NULL,                  -- JSON
  secrets    BLOB,                           -- JSON by name, encrypted; NULL: none is set
  rev        INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
);
CREATE INDEX shop_org ON shop(org, id);

-- How shops know products, or variants of them (variant '': the product itself).
CREATE TABLE listing (
  shop       TEXT NOT NULL REFERENCES shop(id),
  product    TEXT NOT NULL REFERENCES product(id),
  variant    TEXT NOT NULL,
  link       TEXT,
  ref        TEXT,
  PRIMARY KEY (shop, product, variant)
) WITHOUT ROWID;
CREATE INDEX listing_product ON listing(product);
CREATE INDEX listing_ref ON listing(shop, ref);

-- What shops told of orders, each fact once. An order is the sum of its facts.
CREATE TABLE order_fact (
  shop       TEXT NOT NULL REFERENCES shop(id),
  delivery   TEXT NOT NULL,                  -- the shop's own name of the fact
  name       TEXT NOT NULL,                  -- the shop's own name of the order; '': there is none
  body       TEXT NOT NULL,                  -- JSON
  at         INTEGER NOT NULL,               -- when it came
  PRIMARY KEY (shop, delivery)
) WITHOUT ROWID;
CREATE INDEX order_fact_name ON order_fact(shop, name);

CREATE TABLE shop_order (
  id         TEXT PRIMARY KEY,
  shop       TEXT NOT NULL REFERENCES shop(id),
  name       TEXT NOT NULL,                  -- the shop's own
  org        TEXT NOT NULL,                  -- that of the shop
  show       TEXT,                           -- NULL: it came from none that is known
  by_hand    INTEGER NOT NULL DEFAULT 0,        -- 1: somebody has said so, and what the shop tells does not change it
  click      TEXT,
  state      TEXT NOT NULL,
  currency   TEXT NOT NULL,                  -- '': not known yet
  gross      INTEGER NOT NULL,
  refunded   INTEGER NOT NULL,
  net        INTEGER NOT NULL,
  surplus    INTEGER NOT NULL,               -- what went back beyond gross
  buyer      BLOB,                           -- keyed hash; NULL: not known, or erased
  paid_at    INTEGER,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  CHECK (refunded >= 0 AND refunded <= gross AND surplus >= 0),
  UNIQUE (shop, name)
);
CREATE INDEX shop_order_org ON shop_order(org, id);
CREATE INDEX shop_order_show ON shop_order(show, id);

CREATE TABLE order_line (
  shop_order TEXT NOT NULL REFERENCES shop_order(id),
  n          INTEGER NOT NULL,
  product    TEXT,                           -- NULL: no product of ours matches
  variant    TEXT,
  sku        TEXT NOT NULL,
  ref        TEXT NOT NULL,
  title      TEXT NOT NULL,
  quantity   INTEGER NOT NULL,
  amount     INTEGER NOT NULL,
  PRIMARY KEY (shop_order, n)
) WITHOUT ROWID;
CREATE INDEX order_line_product ON order_line(product);
