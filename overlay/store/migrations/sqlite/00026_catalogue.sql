-- +goose Up

-- Small numbers of products, by which the index of terms names them; rev is the revision whose terms it has. A start gives
-- the products that are missing here their terms.
CREATE TABLE product_number (
  product TEXT PRIMARY KEY,
  n       INTEGER NOT NULL UNIQUE,
  rev     INTEGER NOT NULL
);

-- Which products have a term: those with the numbers 4096*block to 4096*block+4095, as search.Set writes them.
CREATE TABLE product_term (
  term  TEXT NOT NULL,
  block INTEGER NOT NULL,
  bits  BLOB NOT NULL,
  PRIMARY KEY (term, block)
) WITHOUT ROWID;

-- What a viewer wanted to buy of the product; NULL: no variant.
ALTER TABLE click ADD COLUMN variant TEXT;
