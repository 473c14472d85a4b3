-- +goose Up

-- Rewards of a show: points of a viewer become one of its coupons.
CREATE TABLE reward (
  id          TEXT PRIMARY KEY,
  show        TEXT NOT NULL REFERENCES show(id),
  coupon      TEXT NOT NULL REFERENCES coupon(id),
  points      INTEGER NOT NULL,
  limit_total INTEGER NOT NULL,               -- 0: there is none
  taken       INTEGER NOT NULL,               -- how many viewers have got it
  ended_at    INTEGER                         -- NULL: nobody has ended it by hand
);
CREATE INDEX reward_show ON reward(show, id);

-- Who has got a reward, and how many points it took.
CREATE TABLE reward_taken (
  reward TEXT NOT NULL REFERENCES reward(id),
  viewer TEXT NOT NULL,
  points INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (reward, viewer)
);

-- Who came by a shared link, as far as requests tell viewers apart.
CREATE TABLE point_friend (
  show  TEXT NOT NULL REFERENCES show(id),
  code  TEXT NOT NULL,                     -- that of the link
  buyer TEXT NOT NULL,
  PRIMARY KEY (show, code, buyer)
);

-- How many points there are for what, in a room.
CREATE TABLE point_setting (
  room TEXT PRIMARY KEY REFERENCES room(id),
  body TEXT NOT NULL                       -- JSON
);
