-- +goose Up

-- When the buyer of an order was erased: what its shop tells of it later does not bring the buyer back.
ALTER TABLE shop_order ADD COLUMN erased_at BIGINT;
-- All orders of a buyer are erased together.
CREATE INDEX shop_order_buyer ON shop_order(buyer) WHERE buyer IS NOT NULL;
