-- +goose Up

-- As the step of SQLite with this number.

-- Shops: checkouts of organisations, in which their products are paid for.
CREATE TABLE shop (
  id         TEXT COLLATE "C" PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  name       TEXT COLLATE "C" NOT NULL,
  kind       TEXT COLLATE "C" NOT NULL,
  stock      TEXT COLLATE "C" NOT NULL,
  config     TEXT COLLATE "C" NOT NULL,                  -- JSON
  secrets    BYTEA,                           -- JSON by name, encrypted; NULL: none is set
  rev        BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX shop_org ON shop(org, id);

-- How shops know products, or variants of them (variant '': the product itself).
CREATE TABLE listing (
  shop       TEXT COLLATE "C" NOT NULL REFERENCES shop(id),
  product    TEXT COLLATE "C" NOT NULL REFERENCES product(id),
  variant    TEXT COLLATE "C" NOT NULL,
  link       TEXT COLLATE "C",
  ref        TEXT COLLATE "C",
  PRIMARY KEY (shop, product, variant)
);
CREATE INDEX listing_product ON listing(product);
CREATE INDEX listing_ref ON listing(shop, ref);

-- What shops told of orders, each fact once. An order is the sum of its facts.
CREATE TABLE order_fact (
  shop       TEXT COLLATE "C" NOT NULL REFERENCES shop(id),
  delivery   TEXT COLLATE "C" NOT NULL,                  -- the shop's own name of the fact
  name       TEXT COLLATE "C" NOT NULL,                  -- the shop's own name of the order; '': there is none
  body       TEXT COLLATE "C" NOT NULL,                  -- JSON
  at         BIGINT NOT NULL,               -- when it came
  PRIMARY KEY (shop, delivery)
);
CREATE INDEX order_fact_name ON order_fact(shop, name);

CREATE TABLE shop_order (
  id         TEXT COLLATE "C" PRIMARY KEY,
  shop       TEXT COLLATE "C" NOT NULL REFERENCES shop(id),
  name       TEXT COLLATE "C" NOT NULL,                  -- the shop's own
  org        TEXT COLLATE "C" NOT NULL,                  -- that of the shop
  show       TEXT COLLATE "C",                           -- NULL: it came from none that is known
  by_hand    BIGINT NOT NULL DEFAULT 0,         -- 1: somebody has said so, and what the shop tells does not change it
  click      TEXT COLLATE "C",
  state      TEXT COLLATE "C" NOT NULL,
  currency   TEXT COLLATE "C" NOT NULL,                  -- '': not known yet
  gross      BIGINT NOT NULL,
  refunded   BIGINT NOT NULL,
  net        BIGINT NOT NULL,
  surplus    BIGINT NOT NULL,               -- what went back beyond gross
  buyer      BYTEA,                           -- keyed hash; NULL: not known, or erased
  paid_at    BIGINT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  CHECK (refunded >= 0 AND refunded <= gross AND surplus >= 0),
  UNIQUE (shop, name)
);
CREATE INDEX shop_order_org ON shop_order(org, id);
CREATE INDEX shop_order_show ON shop_order(show, id);

CREATE TABLE order_line (
  shop_order TEXT COLLATE "C" NOT NULL REFERENCES shop_order(id),
  n          BIGINT NOT NULL,
  product    TEXT COLLATE "C",                           -- NULL: no product of ours matches
  variant    TEXT COLLATE "C",
  sku        TEXT COLLATE "C" NOT NULL,
  ref        TEXT COLLATE "C" NOT NULL,
  title      TEXT COLLATE "C" NOT NULL,
  quantity   BIGINT NOT NULL,
  amount     BIGINT NOT NULL,
  PRIMARY KEY (shop_order, n)
);
CREATE INDEX order_line_product ON order_line(product);
