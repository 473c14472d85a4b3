-- +goose Up

-- As the step of SQLite with this number.

-- The usual price when an offer was made; NULL: it is not known.
ALTER TABLE offer ADD COLUMN usual BIGINT;

-- The coupon whose code went along to the shop.
ALTER TABLE click ADD COLUMN coupon TEXT COLLATE "C";
ALTER TABLE shop_order ADD COLUMN coupon TEXT COLLATE "C";
CREATE INDEX shop_order_coupon ON shop_order(coupon) WHERE coupon IS NOT NULL;
