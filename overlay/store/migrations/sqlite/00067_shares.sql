-- +goose Up

-- How often a show was shared, and how many viewers came by shared links.
ALTER TABLE show_watched ADD COLUMN shares INTEGER NOT NULL DEFAULT 0;
ALTER TABLE show_watched ADD COLUMN came INTEGER NOT NULL DEFAULT 0;

-- The code of the shared link by which a viewer came.
ALTER TABLE click ADD COLUMN ref TEXT;
ALTER TABLE shop_order ADD COLUMN ref TEXT;
