-- +goose Up

-- Webhooks: addresses of other servers that are told what happens in an organisation, and in those below it.
CREATE TABLE webhook (
  id           TEXT PRIMARY KEY,
  org          TEXT NOT NULL,
  url          TEXT NOT NULL,
  name         TEXT NOT NULL,
  types        TEXT NOT NULL,                  -- JSON: what it is told of
  secret       BLOB NOT NULL,                  -- signs what it is told; encrypted
  former       BLOB,                           -- the one before it, which signs beside it for a time
  former_until INTEGER,
  rev          INTEGER NOT NULL,
  off_at       INTEGER,                        -- NULL: it is on
  off_because  TEXT NOT NULL,                  -- '' while it is on
  created_at   INTEGER NOT NULL
);
CREATE INDEX webhook_org ON webhook(org, id);

-- How a webhook does. It stands apart from the webhook: who writes an order reads that one, and never waits for this.
CREATE TABLE webhook_standing (
  webhook       TEXT PRIMARY KEY,
  failing_since INTEGER,                       -- the first try that failed since one was taken; NULL: the last one was taken
  taken_at      INTEGER,                       -- about when something was taken last
  problem       TEXT                           -- what was wrong with the last try that failed
);

-- What a webhook is told, in the transaction in which it happened.
CREATE TABLE webhook_delivery (
  id         TEXT PRIMARY KEY,
  webhook    TEXT NOT NULL,
  message    TEXT NOT NULL,                    -- the same for all webhooks that are told of one thing, and for each try
  type       TEXT NOT NULL,
  subject    TEXT NOT NULL,                    -- the order or the show that it is about
  body       TEXT NOT NULL,                    -- JSON
  state      TEXT NOT NULL CHECK (state IN ('waiting','taken','failed')),
  tries      INTEGER NOT NULL,                 -- since queued_at
  attempts   TEXT NOT NULL,                    -- JSON: how the last tries went
  next_at    INTEGER NOT NULL,                 -- when it is due
  queued_at  INTEGER NOT NULL,                 -- since when it is tried: a replay begins anew
  created_at INTEGER NOT NULL,
  ended_at   INTEGER                           -- NULL: it waits
);
CREATE INDEX webhook_delivery_due ON webhook_delivery(webhook, next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_log ON webhook_delivery(webhook, id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery(ended_at) WHERE ended_at IS NOT NULL;
