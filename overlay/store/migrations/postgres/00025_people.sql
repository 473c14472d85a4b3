-- +goose Up

-- What the tables mean stands in the step of SQLite.
CREATE TABLE org (
  id         TEXT COLLATE "C" PRIMARY KEY,
  name       TEXT COLLATE "C" NOT NULL,
  kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('merchant','agency','organiser')),
  parent     TEXT COLLATE "C" REFERENCES org(id),
  region     TEXT COLLATE "C",
  currency   TEXT COLLATE "C",
  timezone   TEXT COLLATE "C",
  created_at BIGINT NOT NULL
);
CREATE INDEX org_parent ON org(parent);
INSERT INTO org(id, name, kind, created_at) VALUES ('home', 'Home', 'merchant', CAST(extract(epoch FROM now()) AS BIGINT) * 1000);

CREATE TABLE person (
  id         TEXT COLLATE "C" PRIMARY KEY,
  email      TEXT COLLATE "C" NOT NULL UNIQUE,
  name       TEXT COLLATE "C" NOT NULL,
  password   TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE membership (
  person     TEXT COLLATE "C" NOT NULL REFERENCES person(id),
  org        TEXT COLLATE "C" NOT NULL REFERENCES org(id),
  role       TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (person, org)
);
CREATE INDEX membership_org ON membership(org);

CREATE TABLE session (
  hash       BYTEA PRIMARY KEY,
  person     TEXT COLLATE "C" NOT NULL REFERENCES person(id),
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session(person);
CREATE INDEX session_expires ON session(expires_at);

CREATE TABLE invitation (
  hash       BYTEA PRIMARY KEY,
  id         TEXT COLLATE "C" NOT NULL UNIQUE,
  email      TEXT COLLATE "C" NOT NULL,
  org        TEXT COLLATE "C" REFERENCES org(id),
  role       TEXT COLLATE "C",
  created_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX invitation_org ON invitation(org);
CREATE INDEX invitation_expires ON invitation(expires_at);

ALTER TABLE room ADD COLUMN org TEXT COLLATE "C" NOT NULL DEFAULT 'home';
CREATE INDEX room_org ON room(org);
ALTER TABLE show ADD COLUMN org TEXT COLLATE "C" NOT NULL DEFAULT 'home';
CREATE INDEX show_org ON show(org);
ALTER TABLE audit ADD COLUMN org TEXT COLLATE "C" NOT NULL DEFAULT 'home';
CREATE INDEX audit_org ON audit(org, id);

ALTER TABLE token ADD COLUMN id TEXT COLLATE "C";
UPDATE token SET id = encode(substring(hash FROM 1 FOR 13), 'hex');
ALTER TABLE token ALTER COLUMN id SET NOT NULL;
ALTER TABLE token ADD UNIQUE (id);
ALTER TABLE token ADD COLUMN org TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE token ALTER COLUMN org DROP DEFAULT;
ALTER TABLE token ADD COLUMN rooms TEXT COLLATE "C";
ALTER TABLE token ADD COLUMN created_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE token ALTER COLUMN created_by DROP DEFAULT;
ALTER TABLE token DROP CONSTRAINT token_name_key;
ALTER TABLE token ADD UNIQUE (org, name);

ALTER TABLE product ADD COLUMN org TEXT COLLATE "C" NOT NULL DEFAULT 'home';
ALTER TABLE product DROP CONSTRAINT product_sku_key;
ALTER TABLE product ADD UNIQUE (org, sku);
CREATE INDEX product_sku ON product(sku);
