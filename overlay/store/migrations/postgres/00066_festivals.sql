-- +goose Up

-- As the step of SQLite with this number.

-- Events of many rooms, held by an organisation that sees their figures and changes nothing of them.
CREATE TABLE festival (
  slug        TEXT COLLATE "C" PRIMARY KEY,               -- its name in addresses
  org         TEXT COLLATE "C" NOT NULL REFERENCES org(id),
  title       TEXT COLLATE "C" NOT NULL,
  description TEXT COLLATE "C" NOT NULL,
  picture     TEXT COLLATE "C" NOT NULL,
  starts_at   BIGINT NOT NULL,
  ends_at     BIGINT NOT NULL,
  timezone    TEXT COLLATE "C" NOT NULL,
  created_at  BIGINT NOT NULL
);
CREATE INDEX festival_org ON festival(org, slug);

-- Merchants of a festival: invited by a link, then with their organisation.
CREATE TABLE festival_part (
  id          TEXT COLLATE "C" PRIMARY KEY,
  festival    TEXT COLLATE "C" NOT NULL REFERENCES festival(slug),
  name        TEXT COLLATE "C" NOT NULL,                  -- what the organiser calls them
  region      TEXT COLLATE "C" NOT NULL,                  -- a path such as Guangdong/Guangzhou; '': that of the organisation
  status      TEXT COLLATE "C" NOT NULL CHECK (status IN ('invited', 'accepted', 'left')),
  hash        BYTEA UNIQUE,                    -- keyed hash of the text in the link; NULL: it has been used, or taken back
  org         TEXT COLLATE "C" REFERENCES org(id),        -- NULL until they accept
  invited_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,               -- of the link
  answered_at BIGINT,                        -- when they accepted
  left_at     BIGINT
);
CREATE INDEX festival_part_festival ON festival_part(festival, id);
CREATE INDEX festival_part_org ON festival_part(org) WHERE org IS NOT NULL;
CREATE UNIQUE INDEX festival_part_once ON festival_part(festival, org) WHERE status = 'accepted';

-- Rooms of a festival, and since when and until when they took part.
CREATE TABLE festival_room (
  part     TEXT COLLATE "C" NOT NULL REFERENCES festival_part(id),
  room     TEXT COLLATE "C" NOT NULL REFERENCES room(id),
  since    BIGINT NOT NULL,
  festival TEXT COLLATE "C" NOT NULL REFERENCES festival(slug),
  until    BIGINT,
  PRIMARY KEY (part, room, since)
);
CREATE INDEX festival_room_festival ON festival_room(festival, room);
CREATE INDEX festival_room_room ON festival_room(room);
CREATE UNIQUE INDEX festival_room_once ON festival_room(festival, room) WHERE until IS NULL;
