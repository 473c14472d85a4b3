-- +goose Up

-- As the step of SQLite with this number.

-- Prices for a short time. All moments are absolute: a restart changes none.
CREATE TABLE offer (
  id           TEXT COLLATE "C" PRIMARY KEY,
  show         TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  product      TEXT COLLATE "C" NOT NULL,
  variant      TEXT COLLATE "C" NOT NULL,                  -- '': all of the product
  sold_as      TEXT COLLATE "C" NOT NULL,                  -- the variant that buyers get while it is open; '': what they chose
  price        BIGINT NOT NULL,
  currency     TEXT COLLATE "C" NOT NULL,
  code         TEXT COLLATE "C" NOT NULL,                  -- of the shop; '': it needs none
  shop         TEXT COLLATE "C" NOT NULL,
  held         BIGINT NOT NULL,               -- 1: units are held for buyers
  announced_at BIGINT NOT NULL,
  starts_at    BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  ended_at     BIGINT,                        -- NULL: it did not end before its time
  reason       TEXT COLLATE "C",
  limit_total  BIGINT NOT NULL,               -- 0: there is none
  limit_buyer  BIGINT NOT NULL,
  told         BIGINT NOT NULL,               -- 1: viewers know of it; 2: and that it has ended
  due          BIGINT,                        -- when viewers are told next; NULL: never again
  asked        BIGINT NOT NULL                -- counts the batches that took of it: who writes it has the row alone
);
CREATE INDEX offer_show ON offer(show, id);
CREATE INDEX offer_due ON offer(due) WHERE due IS NOT NULL;

ALTER TABLE hold ADD COLUMN offer TEXT COLLATE "C";
ALTER TABLE hold ADD COLUMN buyer TEXT COLLATE "C";        -- tells buyers apart, as far as their requests do
CREATE INDEX hold_offer ON hold(offer, buyer) WHERE offer IS NOT NULL;

ALTER TABLE shop_order ADD COLUMN offer TEXT COLLATE "C";
CREATE INDEX shop_order_offer ON shop_order(offer) WHERE offer IS NOT NULL;
