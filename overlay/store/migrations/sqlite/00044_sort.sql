-- +goose Up

-- What lists of products are sorted by (store/sorted.go), each with the revision behind it, so that no two are the same.
CREATE INDEX product_rev_title ON product_rev(lower(body->>'$.title') || char(1) || product || '-' || rev);
CREATE INDEX product_rev_price ON product_rev((body->>'$.currency') || substr('0000000000000000' || (body->>'$.price'), -16) || char(1) || product || '-' || rev);
CREATE INDEX product_rev_sku ON product_rev(lower(body->>'$.sku') || char(1) || product || '-' || rev);
CREATE INDEX product_rev_at ON product_rev(substr('0000000000000000' || at, -16) || char(1) || product || '-' || rev);
