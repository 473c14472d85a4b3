-- +goose Up

-- As the step of SQLite with this number.

-- For how long an organisation keeps what is kept about people, where that is shorter than the server does.
CREATE TABLE org_retention (
  org  TEXT COLLATE "C" NOT NULL REFERENCES org(id),
  kind TEXT COLLATE "C" NOT NULL,
  days BIGINT NOT NULL,
  PRIMARY KEY (org, kind)
);

-- Whom viewers ask about what is kept of them: an address of mail, or of a page.
ALTER TABLE org ADD COLUMN privacy_contact TEXT COLLATE "C";

-- How many views a show had when its viewers' numbers were forgotten; NULL: they were not.
ALTER TABLE show_watched ADD COLUMN forgot_views BIGINT;
