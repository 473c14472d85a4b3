-- +goose Up

-- As the step of SQLite with this number.

CREATE TABLE webhook (
  id           TEXT COLLATE "C" PRIMARY KEY,
  org          TEXT COLLATE "C" NOT NULL,
  url          TEXT COLLATE "C" NOT NULL,
  name         TEXT COLLATE "C" NOT NULL,
  types        TEXT COLLATE "C" NOT NULL,
  secret       BYTEA NOT NULL,
  former       BYTEA,
  former_until BIGINT,
  rev          BIGINT NOT NULL,
  off_at       BIGINT,
  off_because  TEXT COLLATE "C" NOT NULL,
  created_at   BIGINT NOT NULL
);
CREATE INDEX webhook_org ON webhook(org, id);

CREATE TABLE webhook_standing (
  webhook       TEXT COLLATE "C" PRIMARY KEY,
  failing_since BIGINT,
  taken_at      BIGINT,
  problem       TEXT COLLATE "C"
);

CREATE TABLE webhook_delivery (
  id         TEXT COLLATE "C" PRIMARY KEY,
  webhook    TEXT COLLATE "C" NOT NULL,
  message    TEXT COLLATE "C" NOT NULL,
  type       TEXT COLLATE "C" NOT NULL,
  subject    TEXT COLLATE "C" NOT NULL,
  body       TEXT COLLATE "C" NOT NULL,
  state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting','taken','failed')),
  tries      BIGINT NOT NULL,
  attempts   TEXT COLLATE "C" NOT NULL,
  next_at    BIGINT NOT NULL,
  queued_at  BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX webhook_delivery_due ON webhook_delivery(webhook, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_log ON webhook_delivery(webhook, id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery(ended_at) WHERE ended_at IS NOT NULL;
