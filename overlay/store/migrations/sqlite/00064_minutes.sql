-- +goose Up

-- What viewers did in each minute of the picture: while live by its date, in minutes since
-- 1970, in a replay from the beginning of the recording.
CREATE TABLE show_minute (
  show        TEXT NOT NULL REFERENCES show(id),
  replay      INTEGER NOT NULL,                  -- 1: of the recording
  minute      INTEGER NOT NULL,
  watched_ms  INTEGER NOT NULL,
  peak        INTEGER NOT NULL,                  -- the most viewers at a time
  views       INTEGER NOT NULL,
  effective   INTEGER NOT NULL,                  -- of viewers who had watched for ten seconds there
  likes       INTEGER NOT NULL,
  impressions INTEGER NOT NULL,
  clicks      INTEGER NOT NULL,                  -- while live
  PRIMARY KEY (show, replay, minute)
) WITHOUT ROWID;
