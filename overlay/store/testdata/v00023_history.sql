PRAGMA journal_mode = WAL;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
CREATE TABLE room (
  id         TEXT PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE,
  title      TEXT NOT NULL,
  key_hash   BLOB NOT NULL UNIQUE,           -- keyed hash, to find a room by its key
  key_sealed BLOB NOT NULL,                  -- encrypted, to reveal it
  msn        INTEGER NOT NULL DEFAULT 1,     -- media sequence numbers below are used up, over all broadcasts
  created_at INTEGER NOT NULL
, latency TEXT NOT NULL DEFAULT 'low' CHECK (latency IN ('low','balanced','mass')), retention INTEGER CHECK (retention >= 0), deleting_at INTEGER, config_title TEXT);
CREATE TABLE show (
  id         TEXT PRIMARY KEY,
  room       TEXT NOT NULL REFERENCES room(id),
  title      TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('planned','live','paused','ended')),
  seq        INTEGER NOT NULL DEFAULT 0,     -- of the last event; taken under this row's lock
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  paused_at  INTEGER,
  ended_at   INTEGER
, retention INTEGER CHECK (retention >= 0), deleting_at INTEGER, deleted_at INTEGER);
CREATE TABLE broadcast (
  epoch         TEXT PRIMARY KEY,
  room          TEXT NOT NULL REFERENCES room(id),
  show          TEXT NOT NULL REFERENCES show(id),
  anchor        INTEGER NOT NULL,            -- date of output PTS 900000
  msn           INTEGER NOT NULL,            -- marks: numbers below are used up
  part          INTEGER NOT NULL,
  discontinuity INTEGER NOT NULL DEFAULT 0,  -- EXT-X-DISCONTINUITY tags so far
  target        INTEGER NOT NULL DEFAULT 0,  -- TARGETDURATION in 90-kHz ticks, 0: not yet fixed
  part_target   INTEGER NOT NULL DEFAULT 0,
  begun_at      INTEGER NOT NULL,
  reserved_at   INTEGER NOT NULL,            -- when the marks were last written
  lost_at       INTEGER,                     -- both set while the publisher is lost
  deadline      INTEGER,
  ended_at      INTEGER,
  reason        TEXT
, latency TEXT NOT NULL DEFAULT 'low' CHECK (latency IN ('low','balanced','mass')));
CREATE TABLE product (
  id         TEXT PRIMARY KEY,
  sku        TEXT NOT NULL UNIQUE,
  rev        INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
, deleted_at INTEGER);
CREATE TABLE product_rev (                   -- never changed
  product TEXT NOT NULL REFERENCES product(id),
  rev     INTEGER NOT NULL,
  body    TEXT NOT NULL,                     -- overlay.Product
  at      INTEGER NOT NULL,
  PRIMARY KEY (product, rev)
) WITHOUT ROWID;
CREATE TABLE pin (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of pinning
  id          TEXT NOT NULL UNIQUE,          -- of the cue that pinned it
  show        TEXT NOT NULL REFERENCES show(id),
  product     TEXT NOT NULL REFERENCES product(id),
  pinned_at   INTEGER NOT NULL,
  unpinned_at INTEGER
);
CREATE TABLE event (
  show       TEXT NOT NULL REFERENCES show(id),
  seq        INTEGER NOT NULL,
  id         TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  not_before INTEGER,
  product    TEXT,
  payload    TEXT NOT NULL,                  -- in-band JSON
  state      TEXT NOT NULL,                  -- in-band JSON of what holds after it
  landed     TEXT,                           -- overlay.Landing, once it is in the stream
  PRIMARY KEY (show, seq)
);
CREATE TABLE cue (                           -- what was asked for through the API
  id         TEXT PRIMARY KEY,
  room       TEXT NOT NULL REFERENCES room(id),
  show       TEXT NOT NULL REFERENCES show(id),
  epoch      TEXT,                           -- a moment given as pts means this broadcast alone
  kind       TEXT NOT NULL,
  product    TEXT,
  text       TEXT,
  data       TEXT,
  due        INTEGER NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('scheduled','due','cancelled')),
  reason     TEXT,
  created_at INTEGER NOT NULL
);
CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key   TEXT NOT NULL,
  body  BLOB NOT NULL,                       -- hash of the request
  ref   TEXT NOT NULL,                       -- what was made
  at    INTEGER NOT NULL, answer TEXT,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID;
CREATE TABLE token (
  hash       BLOB PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE audit (
  id     TEXT PRIMARY KEY,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  at     INTEGER NOT NULL
);
CREATE TABLE "click" (
  id      TEXT PRIMARY KEY,                   -- in the order of time
  show    TEXT NOT NULL,
  product TEXT NOT NULL,
  rev     INTEGER NOT NULL,
  at      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE click_count (
  show    TEXT NOT NULL,
  product TEXT NOT NULL,
  clicks  INTEGER NOT NULL,
  PRIMARY KEY (show, product)
) WITHOUT ROWID;
CREATE TABLE note (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-29 11:58:58');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-29 11:58:58');
INSERT INTO goose_db_version VALUES(3,2,1,'2026-11-29 11:58:58');
INSERT INTO goose_db_version VALUES(4,20,1,'2026-11-29 11:58:58');
INSERT INTO goose_db_version VALUES(5,21,1,'2026-11-29 11:58:58');
INSERT INTO goose_db_version VALUES(6,22,1,'2026-11-29 11:58:58');
INSERT INTO goose_db_version VALUES(7,23,1,'2026-11-29 11:58:58');
INSERT INTO room VALUES('01KJNFRZG03W1BV8FFSF70NNS2','corn','Corn',X'3D951710945E9C22CAD845EDDFB8523BFAF1C0BD2F68B143159657CFE04EB289',X'7643057E6ACB70FC43AC971A57B9E81BE3DD5F75391D7B489D5D282CB97C79A5AF63EF44',140,1772395200000,'low',NULL,NULL,'Corn');
INSERT INTO room VALUES('01KJNGJKT0TNJCGCWMYV0P0JQ8','tea','tea',X'75D5D78A879F5FA49D48F8A01A34AA0CF6D4353BE75F869EDF15FBF54A0DC94F',X'A607648F3B7A56156F290C67A02283314A1090C9D8C59357635F6345DA5739336973F644C303010BD1AB72B7B259A94D2D8249F3824E',1,1772396040000,'low',NULL,NULL,NULL);
INSERT INTO show VALUES('01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSF70NNS2','Corn','live',10,1772395200000,1772395200000,NULL,NULL,NULL,NULL,NULL);
INSERT INTO show VALUES('01KJNGJKT0TNJCGCWMYVNHAAG5','01KJNGJKT0TNJCGCWMYV0P0JQ8','tea','ended',2,1772396040000,1772396040000,NULL,1772396040000,NULL,NULL,NULL);
INSERT INTO broadcast VALUES('01kjnfrzg03w1bv8ffstexa3sv','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',1772395200000,140,900,2,180000,45000,1772395200000,1772395920000,NULL,NULL,1772395920000,'unpublished','low');
INSERT INTO broadcast VALUES('01kjngjkt0tnjcgcwmymg7kwmn','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',1772396040000,140,1,0,0,0,1772396040000,1772396040000,1772396040000,1772396100000,NULL,NULL,'low');
INSERT INTO broadcast VALUES('01kjngjkt0tnjcgcwmyyrp3kg8','01KJNGJKT0TNJCGCWMYV0P0JQ8','01KJNGJKT0TNJCGCWMYVNHAAG5',1772396040000,1,1,0,0,0,1772396040000,1772396040000,NULL,NULL,1772396040000,'host','low');
INSERT INTO product VALUES('01KJNFRZG03W1BV8FFSFKD261S','SKU-0',1,1772395200000,1772395200000,NULL);
INSERT INTO product VALUES('01KJNFRZG03W1BV8FFSFNTE8Q1','SKU-1',2,1772395200000,1772395200000,NULL);
INSERT INTO product VALUES('01KJNFRZG03W1BV8FFSJX6GTF6','SKU-2',1,1772395200000,1772395200000,NULL);
INSERT INTO product VALUES('01KJNFRZG03W1BV8FFSK7GDFJA','SKU-3',1,1772395200000,1772395200000,NULL);
INSERT INTO product VALUES('01KJNFRZG03W1BV8FFSKFQ5810','01KJNFRZG03W1BV8FFSKFQ5810',1,1772395200000,1772395200000,1772396040000);
INSERT INTO product_rev VALUES('01KJNFRZG03W1BV8FFSFKD261S',1,'{"id":"01KJNFRZG03W1BV8FFSFKD261S","rev":1,"sku":"SKU-0","title":"Corn 0","price":1000,"list_price":2000,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJNFRZG03W1BV8FFSFNTE8Q1',1,'{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":1,"sku":"SKU-1","title":"Corn 1","price":1001,"list_price":2000,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJNFRZG03W1BV8FFSFNTE8Q1',2,'{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"sku":"SKU-1","title":"Corn 玉米 — \"sweet\" it''s ?","price":777,"list_price":2000,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJNFRZG03W1BV8FFSJX6GTF6',1,'{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJNFRZG03W1BV8FFSK7GDFJA',1,'{"id":"01KJNFRZG03W1BV8FFSK7GDFJA","rev":1,"sku":"SKU-3","title":"Corn 3","price":1003,"list_price":2000,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO pin VALUES(1,'01KJNFRZG03W1BV8FFSYR7MTSE','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1772395200000,1772395920000);
INSERT INTO pin VALUES(2,'01KJNFRZG03W1BV8FFT0Z8T6H2','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFNTE8Q1',1772395200000,NULL);
INSERT INTO pin VALUES(3,'01KJNFRZG03W1BV8FFT4Q5TD0F','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSJX6GTF6',1772395200000,NULL);
INSERT INTO pin VALUES(4,'01KJNGJKT0TNJCGCWMYRCZT5ZE','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSK7GDFJA',1772396040000,NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',1,'01KJNFRZG03W1BV8FFSYACS8QS','show.start',1772395200000,NULL,NULL,'{"v":1,"kind":"show.start","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":1,"at":1772395200000}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":1,"at":1772395200000,"pinned":[],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',2,'01KJNFRZG03W1BV8FFSYR7MTSE','product.pin',1772395200000,NULL,'01KJNFRZG03W1BV8FFSFKD261S','{"v":1,"kind":"product.pin","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":2,"at":1772395200000,"product":{"id":"01KJNFRZG03W1BV8FFSFKD261S","rev":1,"sku":"SKU-0","title":"Corn 0","price":1000,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":2,"at":1772395200000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFKD261S","rev":1,"sku":"SKU-0","title":"Corn 0","price":1000,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',3,'01KJNFRZG03W1BV8FFT0Z8T6H2','product.pin',1772395200000,NULL,'01KJNFRZG03W1BV8FFSFNTE8Q1','{"v":1,"kind":"product.pin","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":3,"at":1772395200000,"product":{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":1,"sku":"SKU-1","title":"Corn 1","price":1001,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":3,"at":1772395200000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFKD261S","rev":1,"sku":"SKU-0","title":"Corn 0","price":1000,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":1,"sku":"SKU-1","title":"Corn 1","price":1001,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',4,'01KJNFRZG03W1BV8FFT4Q5TD0F','product.pin',1772395200000,NULL,'01KJNFRZG03W1BV8FFSJX6GTF6','{"v":1,"kind":"product.pin","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":4,"at":1772395200000,"product":{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":4,"at":1772395200000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFKD261S","rev":1,"sku":"SKU-0","title":"Corn 0","price":1000,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":1,"sku":"SKU-1","title":"Corn 1","price":1001,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',5,'01KJNFRZG03W1BV8FFT6P8ZSJS','product.update',1772395200000,NULL,'01KJNFRZG03W1BV8FFSFNTE8Q1','{"v":1,"kind":"product.update","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":5,"at":1772395200000,"product":{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"title":"Corn 玉米 — \"sweet\" it''s ?","price":777}}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":5,"at":1772395200000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFKD261S","rev":1,"sku":"SKU-0","title":"Corn 0","price":1000,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"sku":"SKU-1","title":"Corn 玉米 — \"sweet\" it''s ?","price":777,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',6,'01KJNFRZG03W1BV8FFTAK4S04Y','notice',1772395200000,NULL,NULL,'{"v":1,"kind":"notice","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":6,"at":1772395200000,"text":"hello 🌽"}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":6,"at":1772395200000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFKD261S","rev":1,"sku":"SKU-0","title":"Corn 0","price":1000,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"sku":"SKU-1","title":"Corn 玉米 — \"sweet\" it''s ?","price":777,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}','{"pts":123456,"date":"2026-03-01T20:00:00Z","epoch":"01kjnfrzg03w1bv8ffstexa3sv","segment":3,"part":1}');
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',7,'01KJNGEYM0ZD1QWT3G3WJGDFTV','product.unpin',1772395920000,NULL,'01KJNFRZG03W1BV8FFSFKD261S','{"v":1,"kind":"product.unpin","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":7,"at":1772395920000,"product":{"id":"01KJNFRZG03W1BV8FFSFKD261S"}}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":7,"at":1772395920000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"sku":"SKU-1","title":"Corn 玉米 — \"sweet\" it''s ?","price":777,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',8,'01KJNGEYM0ZD1QWT3G3XBHAS4W','show.pause',1772395920000,NULL,NULL,'{"v":1,"kind":"show.pause","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":8,"at":1772395920000}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":8,"at":1772395920000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"sku":"SKU-1","title":"Corn 玉米 — \"sweet\" it''s ?","price":777,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',9,'01KJNGJKT0TNJCGCWMYP0KZF8Y','show.start',1772396040000,NULL,NULL,'{"v":1,"kind":"show.start","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":9,"at":1772396040000}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":9,"at":1772396040000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"sku":"SKU-1","title":"Corn 玉米 — \"sweet\" it''s ?","price":777,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNFRZG03W1BV8FFSQACB16X',10,'01KJNGJKT0TNJCGCWMYRCZT5ZE','product.pin',1772396040000,NULL,'01KJNFRZG03W1BV8FFSK7GDFJA','{"v":1,"kind":"product.pin","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":10,"at":1772396040000,"product":{"id":"01KJNFRZG03W1BV8FFSK7GDFJA","rev":1,"sku":"SKU-3","title":"Corn 3","price":1003,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJNFRZG03W1BV8FFSQACB16X","seq":10,"at":1772396040000,"pinned":[{"id":"01KJNFRZG03W1BV8FFSFNTE8Q1","rev":2,"sku":"SKU-1","title":"Corn 玉米 — \"sweet\" it''s ?","price":777,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSJX6GTF6","rev":1,"sku":"SKU-2","title":"Corn 2","price":1002,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJNFRZG03W1BV8FFSK7GDFJA","rev":1,"sku":"SKU-3","title":"Corn 3","price":1003,"list_price":2000,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNGJKT0TNJCGCWMYVNHAAG5',1,'01KJNGJKT0TNJCGCWMYZJQ1Y5Y','show.start',1772396040000,NULL,NULL,'{"v":1,"kind":"show.start","show":"01KJNGJKT0TNJCGCWMYVNHAAG5","seq":1,"at":1772396040000}','{"v":1,"kind":"state","show":"01KJNGJKT0TNJCGCWMYVNHAAG5","seq":1,"at":1772396040000,"pinned":[],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJNGJKT0TNJCGCWMYVNHAAG5',2,'01KJNGJKT0TNJCGCWMZ0MF9BN7','show.end',1772396040000,NULL,NULL,'{"v":1,"kind":"show.end","show":"01KJNGJKT0TNJCGCWMYVNHAAG5","seq":2,"at":1772396040000}','{"v":1,"kind":"state","show":"01KJNGJKT0TNJCGCWMYVNHAAG5","seq":2,"at":1772396040000,"pinned":[],"offers":[]}',NULL);
INSERT INTO cue VALUES('01KJNFRZG03W1BV8FFSYR7MTSE','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',NULL,'product.pin','01KJNFRZG03W1BV8FFSFKD261S',NULL,NULL,1772395200000,'due',NULL,1772395200000);
INSERT INTO cue VALUES('01KJNFRZG03W1BV8FFT0Z8T6H2','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',NULL,'product.pin','01KJNFRZG03W1BV8FFSFNTE8Q1',NULL,NULL,1772395200000,'due',NULL,1772395200000);
INSERT INTO cue VALUES('01KJNFRZG03W1BV8FFT4Q5TD0F','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',NULL,'product.pin','01KJNFRZG03W1BV8FFSJX6GTF6',NULL,NULL,1772395200000,'due',NULL,1772395200000);
INSERT INTO cue VALUES('01KJNFRZG03W1BV8FFTAK4S04Y','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',NULL,'notice',NULL,'hello 🌽',NULL,1772395200000,'due',NULL,1772395200000);
INSERT INTO cue VALUES('01KJNFRZG03W1BV8FFTDWS5SN4','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',NULL,'notice',NULL,'later',NULL,1772398800000,'scheduled',NULL,1772395200000);
INSERT INTO cue VALUES('01KJNGEYM0ZD1QWT3G3WJGDFTV','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',NULL,'product.unpin','01KJNFRZG03W1BV8FFSFKD261S',NULL,NULL,1772395920000,'due',NULL,1772395920000);
INSERT INTO cue VALUES('01KJNGJKT0TNJCGCWMYRCZT5ZE','01KJNFRZG03W1BV8FFSF70NNS2','01KJNFRZG03W1BV8FFSQACB16X',NULL,'product.pin','01KJNFRZG03W1BV8FFSK7GDFJA',NULL,NULL,1772396040000,'due',NULL,1772396040000);
INSERT INTO idempotency VALUES('cues/corn','k1',X'0000000000000000000000000000000000000000000000000000000000000000','01KJNFRZG03W1BV8FFTAK4S04Y',1772395200000,'{"ID":"01KJNFRZG03W1BV8FFTAK4S04Y","Room":"corn","Show":"01KJNFRZG03W1BV8FFSQACB16X","Kind":"notice","Product":"","Status":"due","Due":"2026-03-01T20:00:00Z","Seq":6,"Landed":null,"Reason":""}');
INSERT INTO idempotency VALUES('rooms','room-1',X'0000000000000000000000000000000000000000000000000000000000000000','tea',1772396040000,'{"ID":"01KJNGJKT0TNJCGCWMYV0P0JQ8","Slug":"tea","Title":"tea","Latency":"low","Retention":{"Set":false,"For":0}}');
INSERT INTO token VALUES(X'444766A8B7E0C97E262F363C446E98358D2F12519B16F58577056D184EB2987A','config','owner',1772396040000);
INSERT INTO audit VALUES('01KJNGJKT0TNJCGCWMZ1QWHE0E','tester','product.delete','SKU-4',1772396040000);
INSERT INTO click VALUES('01KJNFRZG03W1BV8FFTHS1GVYM','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395200000);
INSERT INTO click VALUES('01KJNFTT305266R9FH6XRVNQGW','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395260000);
INSERT INTO click VALUES('01KJNFWMP0Q9E7EES0X7EY3THJ','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395320000);
INSERT INTO click VALUES('01KJNFYF90T1M7X88EJRGV79M5','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395380000);
INSERT INTO click VALUES('01KJNG09W0P29E042VJN4JAR77','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395440000);
INSERT INTO click VALUES('01KJNG24F089JGPMEKRY0B5BJE','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395500000);
INSERT INTO click VALUES('01KJNG3Z20KZWS23C5NPEZNYG0','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395560000);
INSERT INTO click VALUES('01KJNG5SN02VPN2TZ6E21F92SE','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395620000);
INSERT INTO click VALUES('01KJNG7M80GTJDQMXXCY0JGF7B','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395680000);
INSERT INTO click VALUES('01KJNG9EV0C4VTSDKX80G7BJWV','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395740000);
INSERT INTO click VALUES('01KJNGB9E01MGBSPQQNE87HPR9','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395800000);
INSERT INTO click VALUES('01KJNGD410CM0XNMRAF8ESPSJ4','01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',1,1772395860000);
INSERT INTO click_count VALUES('01KJNFRZG03W1BV8FFSQACB16X','01KJNFRZG03W1BV8FFSFKD261S',12);
INSERT INTO note VALUES('commits','29');
CREATE INDEX show_room ON show(room, created_at);
CREATE INDEX show_open ON show(state) WHERE state <> 'ended';
CREATE INDEX show_ended ON show(ended_at);
CREATE UNIQUE INDEX broadcast_open ON broadcast(room) WHERE ended_at IS NULL;
CREATE INDEX broadcast_show ON broadcast(show, begun_at);
CREATE UNIQUE INDEX pin_up ON pin(show, product) WHERE unpinned_at IS NULL;
CREATE INDEX pin_product ON pin(product, show);
CREATE INDEX cue_due ON cue(due) WHERE status = 'scheduled';
CREATE INDEX cue_show ON cue(show) WHERE status = 'scheduled';
CREATE INDEX idempotency_at ON idempotency(at);
CREATE INDEX show_deleting ON show(deleting_at) WHERE deleting_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX click_show ON click(show, at);
CREATE INDEX product_deleted ON product(deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX room_deleting ON room(deleting_at) WHERE deleting_at IS NOT NULL;
