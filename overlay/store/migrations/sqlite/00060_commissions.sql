-- +goose Up

-- Those who host shows of an organisation, with their share of what is sold.
CREATE TABLE host (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL,
  name       TEXT NOT NULL,
  commission INTEGER NOT NULL,                   -- basis points
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
);
CREATE INDEX host_org ON host(org, id);
ALTER TABLE show ADD COLUMN presenter TEXT;      -- whose show it is now; NULL: nobody's who gets a share

-- The accounts of hosts. Rows are added and never changed: so a statement of a month that is over stays as it is.
CREATE TABLE commission (
  id         TEXT PRIMARY KEY,
  shop_order TEXT NOT NULL,
  host       TEXT NOT NULL,
  show       TEXT NOT NULL,
  currency   TEXT NOT NULL,
  net        INTEGER NOT NULL,
  rate       INTEGER NOT NULL,                   -- basis points, as at the sale
  amount     INTEGER NOT NULL,
  at         INTEGER NOT NULL
);
CREATE INDEX commission_host ON commission(host, at, id);
CREATE INDEX commission_order ON commission(shop_order);
