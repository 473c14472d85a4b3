-- +goose Up

-- Events of many rooms, held by an organisation that sees their figures and changes nothing of them.
CREATE TABLE festival (
  slug        TEXT PRIMARY KEY,               -- its name in addresses
  org         TEXT NOT NULL REFERENCES org(id),
  title       TEXT NOT NULL,
  description TEXT NOT NULL,
  picture     TEXT NOT NULL,
  starts_at   INTEGER NOT NULL,
  ends_at     INTEGER NOT NULL,
  timezone    TEXT NOT NULL,
  created_at  INTEGER NOT NULL
);
CREATE INDEX festival_org ON festival(org, slug);

-- Merchants of a festival: invited by a link, then with their organisation.
CREATE TABLE festival_part (
  id          TEXT PRIMARY KEY,
  festival    TEXT NOT NULL REFERENCES festival(slug),
  name        TEXT NOT NULL,                  -- what the organiser calls them
  region      TEXT NOT NULL,                  -- a path such as Guangdong/Guangzhou; '': that of the organisation
  status      TEXT NOT NULL CHECK (status IN ('invited', 'accepted', 'left')),
  hash        BLOB UNIQUE,                    -- keyed hash of the text in the link; NULL: it has been used, or taken back
  org         TEXT REFERENCES org(id),        -- NULL until they accept
  invited_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,               -- of the link
  answered_at INTEGER,                        -- when they accepted
  left_at     INTEGER
);
CREATE INDEX festival_part_festival ON festival_part(festival, id);
CREATE INDEX festival_part_org ON festival_part(org) WHERE org IS NOT NULL;
CREATE UNIQUE INDEX festival_part_once ON festival_part(festival, org) WHERE status = 'accepted';

-- Rooms of a festival, and since when and until when they took part.
CREATE TABLE festival_room (
  part     TEXT NOT NULL REFERENCES festival_part(id),
  room     TEXT NOT NULL REFERENCES room(id),
  since    INTEGER NOT NULL,
  festival TEXT NOT NULL REFERENCES festival(slug),
  until    INTEGER,
  PRIMARY KEY (part, room, since)
) WITHOUT ROWID;
CREATE INDEX festival_room_festival ON festival_room(festival, room);
CREATE INDEX festival_room_room ON festival_room(room);
CREATE UNIQUE INDEX festival_room_once ON festival_room(festival, room) WHERE until IS NULL;
