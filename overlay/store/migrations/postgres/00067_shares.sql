-- +goose Up

-- As the step of SQLite with this number.

-- How often a show was shared, and how many viewers came by shared links.
ALTER TABLE show_watched ADD COLUMN shares BIGINT NOT NULL DEFAULT 0;
ALTER TABLE show_watched ADD COLUMN came BIGINT NOT NULL DEFAULT 0;

-- The code of the shared link by which a viewer came.
ALTER TABLE click ADD COLUMN ref TEXT COLLATE "C";
ALTER TABLE shop_order ADD COLUMN ref TEXT COLLATE "C";
