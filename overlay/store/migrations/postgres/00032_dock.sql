-- +goose Up

-- Who caused an event, and who scheduled a cue (overlay.By); NULL: nobody, or a program of before.
ALTER TABLE event ADD COLUMN actor TEXT COLLATE "C";
ALTER TABLE cue ADD COLUMN actor TEXT COLLATE "C";
