-- +goose Up

-- As the step of SQLite with this number.
CREATE INDEX product_rev_title ON product_rev((lower((CAST(body AS json)->>'title') COLLATE "C") || chr(1) || product || '-' || rev));
CREATE INDEX product_rev_price ON product_rev((((CAST(body AS json)->>'currency') COLLATE "C") || lpad((CAST(body AS json)->>'price') COLLATE "C", 16, '0') || chr(1) || product || '-' || rev));
CREATE INDEX product_rev_sku ON product_rev((lower((CAST(body AS json)->>'sku') COLLATE "C") || chr(1) || product || '-' || rev));
CREATE INDEX product_rev_at ON product_rev((lpad(CAST(at AS text), 16, '0') || chr(1) || product || '-' || rev));
