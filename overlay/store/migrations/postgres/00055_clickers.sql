-- +goose Up

-- As the step of SQLite with this number.

-- The numbers of viewers who clicked, as those of show_viewer.
CREATE TABLE show_clicker (
  show       TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  number     BIGINT NOT NULL,
  replay     BIGINT NOT NULL,                  -- 1: the show had ended when the viewer clicked
  PRIMARY KEY (show, number)
);

-- Of how many clicks the viewers are among those numbers: of all, but for clicks from before this step.
ALTER TABLE click_count ADD COLUMN counted BIGINT NOT NULL DEFAULT 0;
