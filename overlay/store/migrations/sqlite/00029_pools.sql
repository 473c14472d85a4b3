-- +goose Up

-- Categories of organisations: those that somebody made, and those that products have. path is "Food > Fruit"; key is what
-- search compares, so that one category that is spelled in two ways is one.
CREATE TABLE category (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  path       TEXT NOT NULL,
  key        TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (org, key)
);

-- Pools: products that an organisation, an agency as a rule, lets others show. What ends stays as a row with the time: a
-- product that was granted once and is not any more must not be pinned by a line-up from then.
CREATE TABLE pool (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  name       TEXT NOT NULL,                  -- of a deleted one: its id
  products   INTEGER NOT NULL DEFAULT 0,     -- how many it has
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  UNIQUE (org, name)
);
CREATE TABLE pool_product (
  pool     TEXT NOT NULL REFERENCES pool(id),
  product  TEXT NOT NULL REFERENCES product(id),
  added_at INTEGER NOT NULL,
  gone_at  INTEGER,
  PRIMARY KEY (pool, product)
) WITHOUT ROWID;
CREATE INDEX pool_product_product ON pool_product(product);
CREATE TABLE pool_grant (
  pool       TEXT NOT NULL REFERENCES pool(id),
  org        TEXT NOT NULL,                  -- to which it is granted
  until      INTEGER,                        -- NULL: until it is taken back
  created_at INTEGER NOT NULL,
  ended_at   INTEGER,
  PRIMARY KEY (pool, org)
) WITHOUT ROWID;
CREATE INDEX pool_grant_org ON pool_grant(org);

-- The next start fills the index of products again, and with it the categories.
DELETE FROM product_term;
DELETE FROM product_number;
