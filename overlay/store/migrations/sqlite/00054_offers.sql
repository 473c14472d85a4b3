-- +goose Up

-- Prices for a short time. All moments are absolute: a restart changes none.
CREATE TABLE offer (
  id           TEXT PRIMARY KEY,
  show         TEXT NOT NULL REFERENCES show(id),
  product      TEXT NOT NULL,
  variant      TEXT NOT NULL,                  -- '': all of the product
  sold_as      TEXT NOT NULL,                  -- the variant that buyers get while it is open; '': what they chose
  price        INTEGER NOT NULL,
  currency     TEXT NOT NULL,
  code         TEXT NOT NULL,                  -- of the shop; '': it needs none
  shop         TEXT NOT NULL,
  held         INTEGER NOT NULL,               -- 1: units are held for buyers
  announced_at INTEGER NOT NULL,
  starts_at    INTEGER NOT NULL,
  ends_at      INTEGER NOT NULL,
  ended_at     INTEGER,                        -- NULL: it did not end before its time
  reason       TEXT,
  limit_total  INTEGER NOT NULL,               -- 0: there is none
  limit_buyer  INTEGER NOT NULL,
  told         INTEGER NOT NULL,               -- 1: viewers know of it; 2: and that it has ended
  due          INTEGER,                        -- when viewers are told next; NULL: never again
  asked        INTEGER NOT NULL                -- counts the batches that took of it: who writes it has the row alone
);
CREATE INDEX offer_show ON offer(show, id);
CREATE INDEX offer_due ON offer(due) WHERE due IS NOT NULL;

ALTER TABLE hold ADD COLUMN offer TEXT;
ALTER TABLE hold ADD COLUMN buyer TEXT;        -- tells buyers apart, as far as their requests do
CREATE INDEX hold_offer ON hold(offer, buyer) WHERE offer IS NOT NULL;

ALTER TABLE shop_order ADD COLUMN offer TEXT;
CREATE INDEX shop_order_offer ON shop_order(offer) WHERE offer IS NOT NULL;
