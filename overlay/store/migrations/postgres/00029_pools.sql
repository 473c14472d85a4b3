-- +goose Up

-- As the step of SQLite with this number.

-- Categories of organisations: those that somebody made, and those that products have. path is "Food > Fruit"; key is what
-- search compares, so that one category that is spelled in two ways is one.
CREATE TABLE category (
  id         TEXT COLLATE "C" PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  path       TEXT COLLATE "C" NOT NULL,
  key        TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (org, key)
);

-- Pools: products that an organisation, an agency as a rule, lets others show. What ends stays as a row with the time: a
-- product that was granted once and is not any more must not be pinned by a line-up from then.
CREATE TABLE pool (
  id         TEXT COLLATE "C" PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  name       TEXT COLLATE "C" NOT NULL,                  -- of a deleted one: its id
  products   BIGINT NOT NULL DEFAULT 0,     -- how many it has
  created_at BIGINT NOT NULL,
  deleted_at BIGINT,
  UNIQUE (org, name)
);
CREATE TABLE pool_product (
  pool     TEXT COLLATE "C" NOT NULL REFERENCES pool(id),
  product  TEXT COLLATE "C" NOT NULL REFERENCES product(id),
  added_at BIGINT NOT NULL,
  gone_at  BIGINT,
  PRIMARY KEY (pool, product)
);
CREATE INDEX pool_product_product ON pool_product(product);
CREATE TABLE pool_grant (
  pool       TEXT COLLATE "C" NOT NULL REFERENCES pool(id),
  org        TEXT COLLATE "C" NOT NULL,                  -- to which it is granted
  until      BIGINT,                        -- NULL: until it is taken back
  created_at BIGINT NOT NULL,
  ended_at   BIGINT,
  PRIMARY KEY (pool, org)
);
CREATE INDEX pool_grant_org ON pool_grant(org);

-- The next start fills the index of products again, and with it the categories.
DELETE FROM product_term;
DELETE FROM product_number;
