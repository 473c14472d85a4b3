-- +goose Up

-- Codes of shops that viewers of a show get by a click.
CREATE TABLE coupon (
  id          TEXT PRIMARY KEY,
  show        TEXT NOT NULL REFERENCES show(id),
  label       TEXT NOT NULL,
  code        TEXT NOT NULL,
  shop        TEXT NOT NULL,
  shown       INTEGER NOT NULL,               -- 1: viewers see it
  starts_at   INTEGER,                        -- NULL: there is no bound
  ends_at     INTEGER,                        -- NULL: with the show
  ended_at    INTEGER,                        -- NULL: it has not ended
  limit_total INTEGER NOT NULL,               -- 0: there is none
  got         INTEGER NOT NULL,               -- how many buyers have got it
  due         INTEGER                         -- when it ends by itself; NULL: never
);
CREATE INDEX coupon_show ON coupon(show, id);
CREATE INDEX coupon_due ON coupon(due) WHERE due IS NOT NULL;

CREATE TABLE coupon_got (
  coupon TEXT NOT NULL REFERENCES coupon(id),
  buyer  TEXT NOT NULL,                       -- tells buyers apart, as far as their requests do
  at     INTEGER NOT NULL,
  PRIMARY KEY (coupon, buyer)
) WITHOUT ROWID;
