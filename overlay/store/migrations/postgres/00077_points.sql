-- +goose Up

-- As the step of SQLite with this number.

-- Rewards of a show: points of a viewer become one of its coupons.
CREATE TABLE reward (
  id          TEXT COLLATE "C" PRIMARY KEY,
  show        TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  coupon      TEXT COLLATE "C" NOT NULL REFERENCES coupon(id),
  points      BIGINT NOT NULL,
  limit_total BIGINT NOT NULL,               -- 0: there is none
  taken       BIGINT NOT NULL,               -- how many viewers have got it
  ended_at    BIGINT                         -- NULL: nobody has ended it by hand
);
CREATE INDEX reward_show ON reward(show, id);

-- Who has got a reward, and how many points it took.
CREATE TABLE reward_taken (
  reward TEXT COLLATE "C" NOT NULL REFERENCES reward(id),
  viewer TEXT COLLATE "C" NOT NULL,
  points BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (reward, viewer)
);

-- Who came by a shared link, as far as requests tell viewers apart.
CREATE TABLE point_friend (
  show  TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  code  TEXT COLLATE "C" NOT NULL,                     -- that of the link
  buyer TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (show, code, buyer)
);

-- How many points there are for what, in a room.
CREATE TABLE point_setting (
  room TEXT COLLATE "C" PRIMARY KEY REFERENCES room(id),
  body TEXT COLLATE "C" NOT NULL                       -- JSON
);
