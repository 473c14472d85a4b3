-- +goose Up

-- As the step of SQLite with this number, which says what the columns mean.

CREATE TABLE image (
  id         TEXT COLLATE "C" PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('new','kept','deleting')),
  width      BIGINT NOT NULL,
  height     BIGINT NOT NULL,
  bytes      BIGINT NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  unused_at  BIGINT
);
CREATE INDEX image_unused ON image(unused_at) WHERE unused_at IS NOT NULL;

CREATE TABLE image_use (
  image   TEXT COLLATE "C" NOT NULL,
  product TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (image, product)
);
