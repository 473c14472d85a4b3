-- +goose Up

-- How many different viewers a show has had, which summaries of many shows add up.
ALTER TABLE show_watched ADD COLUMN viewers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE show_watched ADD COLUMN replay_viewers INTEGER NOT NULL DEFAULT 0;
UPDATE show_watched SET viewers = x.viewers, replay_viewers = CAST(x.viewers * 1.0 * x.later / x.n AS BIGINT)
  FROM (SELECT k.show, k.n, k.later, min(w.views, CASE WHEN k.n < 16384 THEN k.n << CAST(w.depth AS INTEGER)
      ELSE CAST(min((k.n - 1) * (9223372036854775807.0 / max(k.highest, 1)), 4611686018427387904.0) AS BIGINT) END) AS viewers
    FROM (SELECT v.show, count(*) AS n, max(v.number) AS highest, count(CASE WHEN v.replay <> 0 THEN 1 END) AS later
        FROM show_viewer v JOIN show_watched d ON d.show = v.show WHERE v.number <= (9223372036854775807 >> CAST(d.depth AS INTEGER)) GROUP BY v.show) k
      JOIN show_watched w ON w.show = k.show) x
  WHERE x.show = show_watched.show;

-- How many things are in the lines of an order.
ALTER TABLE shop_order ADD COLUMN pieces INTEGER NOT NULL DEFAULT 0;
UPDATE shop_order SET pieces = (SELECT coalesce(sum(quantity), 0) FROM order_line WHERE order_line.shop_order = shop_order.id);

-- 1: no line of the order before it is of the same product. So orders with a product are counted without sorting them.
ALTER TABLE order_line ADD COLUMN first INTEGER NOT NULL DEFAULT 1;
UPDATE order_line SET first = 0 WHERE EXISTS (SELECT 1 FROM order_line e WHERE e.shop_order = order_line.shop_order AND e.n < order_line.n AND e.product = order_line.product);

-- Shows are found by when they began, and those in which an organisation sold by its orders.
CREATE INDEX show_started ON show(started_at) WHERE started_at IS NOT NULL;
CREATE INDEX shop_order_seller ON shop_order(org, show) WHERE show IS NOT NULL;
