-- +goose Up

-- As the step of SQLite with this number.

-- Codes of shops that viewers of a show get by a click.
CREATE TABLE coupon (
  id          TEXT COLLATE "C" PRIMARY KEY,
  show        TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  label       TEXT COLLATE "C" NOT NULL,
  code        TEXT COLLATE "C" NOT NULL,
  shop        TEXT COLLATE "C" NOT NULL,
  shown       BIGINT  NOT NULL,               -- 1: viewers see it
  starts_at   BIGINT,                        -- NULL: there is no bound
  ends_at     BIGINT,                        -- NULL: with the show
  ended_at    BIGINT,                        -- NULL: it has not ended
  limit_total BIGINT  NOT NULL,               -- 0: there is none
  got         BIGINT  NOT NULL,               -- how many buyers have got it
  due         BIGINT                          -- when it ends by itself; NULL: never
);
CREATE INDEX coupon_show ON coupon(show, id);
CREATE INDEX coupon_due ON coupon(due) WHERE due IS NOT NULL;

CREATE TABLE coupon_got (
  coupon TEXT COLLATE "C" NOT NULL REFERENCES coupon(id),
  buyer  TEXT COLLATE "C" NOT NULL,                       -- tells buyers apart, as far as their requests do
  at     BIGINT  NOT NULL,
  PRIMARY KEY (coupon, buyer)
);
