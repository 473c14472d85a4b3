-- +goose Up

-- The numbers of viewers who clicked, as those of show_viewer.
CREATE TABLE show_clicker (
  show       TEXT NOT NULL REFERENCES show(id),
  number     INTEGER NOT NULL,
  replay     INTEGER NOT NULL,                  -- 1: the show had ended when the viewer clicked
  PRIMARY KEY (show, number)
) WITHOUT ROWID;

-- Of how many clicks the viewers are among those numbers: of all, but for clicks from before this step.
ALTER TABLE click_count ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
