-- +goose Up

-- Organisations are a tree: who has a role in one has it in those below. The first one holds all that was there before.
-- No row goes while something may name it, so the columns called org hold no references.
CREATE TABLE org (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('merchant','agency','organiser')),
  parent     TEXT REFERENCES org(id),
  region     TEXT,
  currency   TEXT,
  timezone   TEXT,
  created_at INTEGER NOT NULL
);
CREATE INDEX org_parent ON org(parent);
INSERT INTO org(id, name, kind, created_at) VALUES ('home', 'Home', 'merchant', CAST(strftime('%s','now') AS INTEGER) * 1000);

CREATE TABLE person (
  id         TEXT PRIMARY KEY,
  email      TEXT NOT NULL UNIQUE,           -- in lower case
  name       TEXT NOT NULL,
  password   TEXT NOT NULL,                  -- hashed with argon2id
  created_at INTEGER NOT NULL
);

CREATE TABLE membership (
  person     TEXT NOT NULL REFERENCES person(id),
  org        TEXT NOT NULL REFERENCES org(id),
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (person, org)
);
CREATE INDEX membership_org ON membership(org);

CREATE TABLE session (                       -- of a person who signed in
  hash       BLOB PRIMARY KEY,               -- keyed hash of the cookie
  person     TEXT NOT NULL REFERENCES person(id),
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,               -- about when it was used last
  expires_at INTEGER NOT NULL
);
CREATE INDEX session_person ON session(person);
CREATE INDEX session_expires ON session(expires_at);

CREATE TABLE invitation (                    -- a link that works once; its row goes when it is used
  hash       BLOB PRIMARY KEY,               -- keyed hash of the text in the link
  id         TEXT NOT NULL UNIQUE,
  email      TEXT NOT NULL,
  org        TEXT REFERENCES org(id),        -- both NULL: it sets the password of the person with this address
  role       TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX invitation_org ON invitation(org);
CREATE INDEX invitation_expires ON invitation(expires_at);

ALTER TABLE room ADD COLUMN org TEXT NOT NULL DEFAULT 'home';
CREATE INDEX room_org ON room(org);
ALTER TABLE show ADD COLUMN org TEXT NOT NULL DEFAULT 'home';
CREATE INDEX show_org ON show(org);
ALTER TABLE audit ADD COLUMN org TEXT NOT NULL DEFAULT 'home';
CREATE INDEX audit_org ON audit(org, id);

-- A token is for one organisation, or, '', for all: that of the configuration, and those of former versions.
CREATE TABLE token_new (
  hash       BLOB PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  role       TEXT NOT NULL,
  org        TEXT NOT NULL,
  rooms      TEXT,                           -- JSON array of slugs; NULL: all rooms of the organisation
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (org, name)
) WITHOUT ROWID;
INSERT INTO token_new(hash, id, name, role, org, rooms, created_by, created_at)
  SELECT hash, lower(hex(substr(hash, 1, 13))), name, role, '', NULL, '', created_at FROM token;
DROP TABLE token;
ALTER TABLE token_new RENAME TO token;

-- A SKU is unique in its organisation. SQLite takes no constraint away, so the table is made anew, and with it those
-- that refer to it.
CREATE TABLE product_new (
  id         TEXT PRIMARY KEY,
  org        TEXT NOT NULL DEFAULT 'home',
  sku        TEXT NOT NULL,
  rev        INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  UNIQUE (org, sku)
);
INSERT INTO product_new(id, sku, rev, created_at, updated_at, deleted_at)
  SELECT id, sku, rev, created_at, updated_at, deleted_at FROM product;

CREATE TABLE product_rev_new (               -- never changed
  product TEXT NOT NULL REFERENCES product_new(id),
  rev     INTEGER NOT NULL,
  body    TEXT NOT NULL,                     -- overlay.Product
  at      INTEGER NOT NULL,
  PRIMARY KEY (product, rev)
) WITHOUT ROWID;
INSERT INTO product_rev_new(product, rev, body, at) SELECT product, rev, body, at FROM product_rev;

CREATE TABLE pin_new (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of pinning
  id          TEXT NOT NULL UNIQUE,          -- of the cue that pinned it
  show        TEXT NOT NULL REFERENCES show(id),
  product     TEXT NOT NULL REFERENCES product_new(id),
  pinned_at   INTEGER NOT NULL,
  unpinned_at INTEGER
);
INSERT INTO pin_new(n, id, show, product, pinned_at, unpinned_at) SELECT n, id, show, product, pinned_at, unpinned_at FROM pin ORDER BY n;

DROP TABLE pin;
DROP TABLE product_rev;
DROP TABLE product;
ALTER TABLE product_new RENAME TO product;
ALTER TABLE product_rev_new RENAME TO product_rev;
ALTER TABLE pin_new RENAME TO pin;
CREATE INDEX product_sku ON product(sku);
CREATE INDEX product_deleted ON product(deleted_at) WHERE deleted_at IS NOT NULL;
CREATE UNIQUE INDEX pin_up ON pin(show, product) WHERE unpinned_at IS NULL;
CREATE INDEX pin_product ON pin(product, show);
