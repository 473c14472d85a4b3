-- +goose Up

-- Clicks without a second copy of their key, in the order in which they are read. They hold no references: rows of
-- products and shows may go before theirs, which are swept.
CREATE TABLE click_new (
  id      TEXT PRIMARY KEY,                   -- in the order of time
  show    TEXT NOT NULL,
  product TEXT NOT NULL,
  rev     INTEGER NOT NULL,
  at      INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO click_new SELECT id, show, product, rev, at FROM click;
DROP TABLE click;
ALTER TABLE click_new RENAME TO click;
CREATE INDEX click_show ON click(show, at);

-- How many, also of those that are swept.
CREATE TABLE click_count (
  show    TEXT NOT NULL,
  product TEXT NOT NULL,
  clicks  INTEGER NOT NULL,
  PRIMARY KEY (show, product)
) WITHOUT ROWID;
INSERT INTO click_count SELECT show, product, count(*) FROM click GROUP BY show, product;

-- A deleted product has no revisions and no pins any more; its row goes when its clicks are swept.
ALTER TABLE product ADD COLUMN deleted_at INTEGER;
CREATE INDEX product_deleted ON product(deleted_at) WHERE deleted_at IS NOT NULL;

-- A room that is deleted is no longer found; its row goes when its shows' media is gone.
ALTER TABLE room ADD COLUMN deleting_at INTEGER;
CREATE INDEX room_deleting ON room(deleting_at) WHERE deleting_at IS NOT NULL;
