-- +goose Up

-- Good rows whose products will have no link: viewers cannot buy them.
ALTER TABLE import_job ADD COLUMN linkless INTEGER NOT NULL DEFAULT 0;
-- What a rejected row calls its product.
ALTER TABLE import_rejected ADD COLUMN sku TEXT;
ALTER TABLE import_rejected ADD COLUMN title TEXT;
