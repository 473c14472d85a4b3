-- +goose Up

-- Pictures of products that somebody has uploaded. Their bytes are in the object store, under images/.
CREATE TABLE image (
  id         TEXT PRIMARY KEY,               -- at random: who knows it may see the picture
  org        TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('new','kept','deleting')), -- new: perhaps its bytes are not stored
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  unused_at  INTEGER                         -- since when no product uses it; NULL: one does, as far as is known
);
CREATE INDEX image_unused ON image(unused_at) WHERE unused_at IS NOT NULL;

CREATE TABLE image_use (                     -- products that use a picture, or have used it
  image   TEXT NOT NULL,
  product TEXT NOT NULL,
  PRIMARY KEY (image, product)
) WITHOUT ROWID;
