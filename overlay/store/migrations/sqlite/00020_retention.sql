-- +goose Up

-- How long what is stored of a show is kept, in seconds from its end: 0 for ever, NULL as the next wider says
-- (show, room, configuration).
ALTER TABLE room ADD COLUMN retention INTEGER CHECK (retention >= 0);
ALTER TABLE show ADD COLUMN retention INTEGER CHECK (retention >= 0);

-- From deleting_at on nobody gets a replay; deleted_at: its objects are gone, and its broadcasts' rows with them.
ALTER TABLE show ADD COLUMN deleting_at INTEGER;
ALTER TABLE show ADD COLUMN deleted_at INTEGER;
CREATE INDEX show_deleting ON show(deleting_at) WHERE deleting_at IS NOT NULL AND deleted_at IS NULL;
