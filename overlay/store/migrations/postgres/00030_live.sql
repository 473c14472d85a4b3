-- +goose Up

-- How much later a room's cues for now land, in milliseconds; NULL: the configuration's.
ALTER TABLE room ADD COLUMN cue_delay BIGINT;
