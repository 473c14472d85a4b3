-- +goose Up

-- The latency class: of the room's next broadcast, and of each broadcast for as long as it lives.
ALTER TABLE room ADD COLUMN latency TEXT NOT NULL DEFAULT 'low' CHECK (latency IN ('low','balanced','mass'));
ALTER TABLE broadcast ADD COLUMN latency TEXT NOT NULL DEFAULT 'low' CHECK (latency IN ('low','balanced','mass'));
