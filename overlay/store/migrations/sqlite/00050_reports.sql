-- +goose Up

-- How often players began to play, those of the recording among them, and of how small a share of viewers
-- beacons were ever asked: 1 of 2^depth.
ALTER TABLE show_watched ADD COLUMN views INTEGER NOT NULL DEFAULT 0;
ALTER TABLE show_watched ADD COLUMN replay_views INTEGER NOT NULL DEFAULT 0;
ALTER TABLE show_watched ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;

-- The numbers that viewers' pages drew, halved; of many the lowest ones, by which all are estimated.
CREATE TABLE show_viewer (
  show       TEXT NOT NULL REFERENCES show(id),
  number     INTEGER NOT NULL,
  replay     INTEGER NOT NULL,                  -- 1: the viewer came when the show had ended
  PRIMARY KEY (show, number)
) WITHOUT ROWID;

-- Clicks of viewers of the recording, among clicks.
ALTER TABLE click_count ADD COLUMN replay INTEGER NOT NULL DEFAULT 0;
UPDATE click_count SET replay = x.n FROM (SELECT c.show, c.product, count(*) AS n FROM click c JOIN show s ON s.id = c.show WHERE c.at >= s.ended_at GROUP BY 1, 2) x
  WHERE x.show = click_count.show AND x.product = click_count.product;
