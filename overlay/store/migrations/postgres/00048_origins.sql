-- +goose Up

-- As the step of SQLite with this number.

-- Where an order came from, as its click told: clicks are not kept as long as orders.
ALTER TABLE shop_order ADD COLUMN product TEXT COLLATE "C";              -- NULL: from no click that is known
ALTER TABLE shop_order ADD COLUMN variant TEXT COLLATE "C";
ALTER TABLE shop_order ADD COLUMN cue TEXT COLLATE "C";
ALTER TABLE shop_order ADD COLUMN host TEXT COLLATE "C";                 -- the organisation of the show
ALTER TABLE shop_order ADD COLUMN replay BIGINT NOT NULL DEFAULT 0;
CREATE INDEX shop_order_click ON shop_order(click) WHERE click IS NOT NULL;
