-- +goose Up

-- As the step of SQLite with this number.

-- What viewers did in each minute of the picture: while live by its date, in minutes since
-- 1970, in a replay from the beginning of the recording.
CREATE TABLE show_minute (
  show        TEXT COLLATE "C" NOT NULL REFERENCES show(id),
  replay      BIGINT  NOT NULL,                  -- 1: of the recording
  minute      BIGINT  NOT NULL,
  watched_ms  BIGINT  NOT NULL,
  peak        BIGINT  NOT NULL,                  -- the most viewers at a time
  views       BIGINT  NOT NULL,
  effective   BIGINT  NOT NULL,                  -- of viewers who had watched for ten seconds there
  likes       BIGINT  NOT NULL,
  impressions BIGINT  NOT NULL,
  clicks      BIGINT  NOT NULL,                  -- while live
  PRIMARY KEY (show, replay, minute)
);
