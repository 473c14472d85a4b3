-- +goose Up

-- The pictures of different sizes that encoders are asked for, such as 1080p30@4500, 720p30@2200; NULL: the default ones.
ALTER TABLE room ADD COLUMN ladder TEXT;
