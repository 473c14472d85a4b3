-- +goose Up

-- Where an order came from, as its click told: clicks are not kept as long as orders.
ALTER TABLE shop_order ADD COLUMN product TEXT;              -- NULL: from no click that is known
ALTER TABLE shop_order ADD COLUMN variant TEXT;
ALTER TABLE shop_order ADD COLUMN cue TEXT;
ALTER TABLE shop_order ADD COLUMN host TEXT;                 -- the organisation of the show
ALTER TABLE shop_order ADD COLUMN replay INTEGER NOT NULL DEFAULT 0;
CREATE INDEX shop_order_click ON shop_order(click) WHERE click IS NOT NULL;
