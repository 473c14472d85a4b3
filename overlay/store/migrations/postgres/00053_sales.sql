-- +goose Up

-- Orders of a show are counted again and again while it is on air, all of them and by minutes: from this index alone.
CREATE INDEX shop_order_paid ON shop_order(show, paid_at);
