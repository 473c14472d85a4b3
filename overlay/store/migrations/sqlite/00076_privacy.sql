-- +goose Up

-- For how long an organisation keeps what is kept about people, where that is shorter than the server does.
CREATE TABLE org_retention (
  org  TEXT NOT NULL REFERENCES org(id),
  kind TEXT NOT NULL,
  days INTEGER NOT NULL,
  PRIMARY KEY (org, kind)
) WITHOUT ROWID;

-- Whom viewers ask about what is kept of them: an address of mail, or of a page.
ALTER TABLE org ADD COLUMN privacy_contact TEXT;

-- How many views a show had when its viewers' numbers were forgotten; NULL: they were not.
ALTER TABLE show_watched ADD COLUMN forgot_views INTEGER;
