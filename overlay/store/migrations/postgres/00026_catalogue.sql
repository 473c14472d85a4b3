-- +goose Up

-- Small numbers of products, by which the index of terms names them; rev is the revision whose terms it has. A start gives
-- the products that are missing here their terms.
CREATE TABLE product_number (
  product TEXT COLLATE "C" PRIMARY KEY,
  n       BIGINT NOT NULL UNIQUE,
  rev     BIGINT NOT NULL
);

-- Which products have a term: those with the numbers 4096*block to 4096*block+4095, as search.Set writes them.
CREATE TABLE product_term (
  term  TEXT COLLATE "C" NOT NULL,
  block BIGINT NOT NULL,
  bits  BYTEA NOT NULL,
  PRIMARY KEY (term, block)
);

-- What a viewer wanted to buy of the product; NULL: no variant.
ALTER TABLE click ADD COLUMN variant TEXT COLLATE "C";
