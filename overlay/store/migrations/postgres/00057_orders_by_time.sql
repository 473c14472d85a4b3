-- +goose Up

-- Orders are listed by when they were paid, or else by when the shop told of them first.
DROP INDEX shop_order_org;
CREATE INDEX shop_order_org ON shop_order(org, (coalesce(paid_at, created_at)), id);
CREATE INDEX shop_order_time ON shop_order((coalesce(paid_at, created_at)), id);
-- When a shop told something last.
CREATE INDEX order_fact_at ON order_fact(shop, at);
