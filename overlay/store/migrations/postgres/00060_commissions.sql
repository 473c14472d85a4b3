-- +goose Up

-- As the step of SQLite with this number.

-- Those who host shows of an organisation, with their share of what is sold.
CREATE TABLE host (
  id         TEXT COLLATE "C" PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  name       TEXT COLLATE "C" NOT NULL,
  commission BIGINT NOT NULL,                   -- basis points
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX host_org ON host(org, id);
ALTER TABLE show ADD COLUMN presenter TEXT COLLATE "C";      -- whose show it is now; NULL: nobody's who gets a share

-- The accounts of hosts. Rows are added and never changed: so a statement of a month that is over stays as it is.
CREATE TABLE commission (
  id         TEXT COLLATE "C" PRIMARY KEY,
  shop_order TEXT COLLATE "C" NOT NULL,
  host       TEXT COLLATE "C" NOT NULL,
  show       TEXT COLLATE "C" NOT NULL,
  currency   TEXT COLLATE "C" NOT NULL,
  net        BIGINT NOT NULL,
  rate       BIGINT NOT NULL,                   -- basis points, as at the sale
  amount     BIGINT NOT NULL,
  at         BIGINT NOT NULL
);
CREATE INDEX commission_host ON commission(host, at, id);
CREATE INDEX commission_order ON commission(shop_order);
