-- +goose Up

-- The usual price when an offer was made; NULL: it is not known.
ALTER TABLE offer ADD COLUMN usual INTEGER;

-- The coupon whose code went along to the shop.
ALTER TABLE click ADD COLUMN coupon TEXT;
ALTER TABLE shop_order ADD COLUMN coupon TEXT;
CREATE INDEX shop_order_coupon ON shop_order(coupon) WHERE coupon IS NOT NULL;
