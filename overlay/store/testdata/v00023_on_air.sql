-- A database as the version with schema 23 leaves it on air: the server was killed. Times lie around 2026-03-01 21:03:15 UTC.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-29 11:06:35');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-29 11:06:35');
INSERT INTO goose_db_version VALUES(3,2,1,'2026-11-29 11:06:35');
INSERT INTO goose_db_version VALUES(4,20,1,'2026-11-29 11:06:35');
INSERT INTO goose_db_version VALUES(5,21,1,'2026-11-29 11:06:35');
INSERT INTO goose_db_version VALUES(6,22,1,'2026-11-29 11:06:35');
INSERT INTO goose_db_version VALUES(7,23,1,'2026-11-29 11:06:35');
CREATE TABLE room (
  id         TEXT PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE,
  title      TEXT NOT NULL,
  key_hash   BLOB NOT NULL UNIQUE,           -- keyed hash, to find a room by its key
  key_sealed BLOB NOT NULL,                  -- encrypted, to reveal it
  msn        INTEGER NOT NULL DEFAULT 1,     -- media sequence numbers below are used up, over all broadcasts
  created_at INTEGER NOT NULL
, latency TEXT NOT NULL DEFAULT 'low' CHECK (latency IN ('low','balanced','mass')), retention INTEGER CHECK (retention >= 0), deleting_at INTEGER, config_title TEXT);
INSERT INTO room VALUES('01KJN2X0000000000000000001','corn','Corn',X'2f1a7644d4fb3d4a042bbb847301ce5858dc6b224e9e798158495925f19be8c6',X'1bb1bfbc0d6b86a812f5d14da56979100e34982a3dcc3eb643fafe9a951adf7e403be477',200,1772395200000,'low',NULL,NULL,'Corn');
INSERT INTO room VALUES('01KJN2X0000000000000000002','tea','Tea',X'a685c45d8d9197f9746c063cfb90e46b404fc9bdd548db71b8e91bd9d542a19a',X'c9ad8f5a6de958935acffdb822395b12246d8a72d8d90a9b9b5e4b250ed2dbfa923978',1,1772395200000,'low',NULL,NULL,'Tea');
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
INSERT INTO show VALUES('01KJN2X0000000000000000008','01KJN2X0000000000000000001','Corn','ended',4,1772395200000,1772395200000,NULL,1772395330000,NULL,NULL,NULL);
INSERT INTO show VALUES('01KJN2X000000000000000000E','01KJN2X0000000000000000001','Corn','live',8,1772398930000,1772398990000,NULL,NULL,NULL,NULL,NULL);
INSERT INTO show VALUES('01KJN2X000000000000000000V','01KJN2X0000000000000000002','Tea','live',2,1772398995000,1772398995000,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO broadcast VALUES('01kjn2x0000000000000000009','01KJN2X0000000000000000001','01KJN2X0000000000000000008',1772395200000,1,1,0,0,0,1772395200000,1772395200000,NULL,NULL,1772395330000,'host','low');
INSERT INTO broadcast VALUES('01kjn2x000000000000000000g','01KJN2X0000000000000000001','01KJN2X000000000000000000E',1772398990000,200,900,0,180000,45000,1772398990000,1772398990000,NULL,NULL,NULL,NULL,'low');
INSERT INTO broadcast VALUES('01kjn2x000000000000000000w','01KJN2X0000000000000000002','01KJN2X000000000000000000V',1772398995000,1,1,0,0,0,1772398995000,1772398995000,1772398995000,1772399055000,NULL,NULL,'low');
CREATE TABLE product (
  id         TEXT PRIMARY KEY,
  sku        TEXT NOT NULL UNIQUE,
  rev        INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
, deleted_at INTEGER);
INSERT INTO product VALUES('01KJN2X0000000000000000003','A',1,1772395200000,1772395200000,NULL);
INSERT INTO product VALUES('01KJN2X0000000000000000004','B',1,1772395200000,1772395200000,NULL);
INSERT INTO product VALUES('01KJN2X0000000000000000005','C',1,1772395200000,1772395200000,NULL);
INSERT INTO product VALUES('01KJN2X0000000000000000006','D',2,1772395200000,1772398995000,NULL);
INSERT INTO product VALUES('01KJN2X0000000000000000007','E',1,1772395200000,1772395200000,NULL);
CREATE TABLE product_rev (                   -- never changed
  product TEXT NOT NULL REFERENCES product(id),
  rev     INTEGER NOT NULL,
  body    TEXT NOT NULL,                     -- overlay.Product
  at      INTEGER NOT NULL,
  PRIMARY KEY (product, rev)
) WITHOUT ROWID;
INSERT INTO product_rev VALUES('01KJN2X0000000000000000003',1,'{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJN2X0000000000000000004',1,'{"id":"01KJN2X0000000000000000004","rev":1,"sku":"B","title":"Title B","price":990,"list_price":1290,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJN2X0000000000000000005',1,'{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJN2X0000000000000000006',1,'{"id":"01KJN2X0000000000000000006","rev":1,"sku":"D","title":"Title D","price":990,"list_price":1290,"currency":"CNY","stock":"in"}',1772395200000);
INSERT INTO product_rev VALUES('01KJN2X0000000000000000006',2,'{"id":"01KJN2X0000000000000000006","rev":2,"sku":"D","title":"Title D","price":890,"list_price":1290,"currency":"CNY","stock":"in"}',1772398995000);
INSERT INTO product_rev VALUES('01KJN2X0000000000000000007',1,'{"id":"01KJN2X0000000000000000007","rev":1,"sku":"E","title":"Title E","price":990,"list_price":1290,"currency":"CNY","stock":"in"}',1772395200000);
CREATE TABLE pin (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of pinning
  id          TEXT NOT NULL UNIQUE,          -- of the cue that pinned it
  show        TEXT NOT NULL REFERENCES show(id),
  product     TEXT NOT NULL REFERENCES product(id),
  pinned_at   INTEGER NOT NULL,
  unpinned_at INTEGER
);
INSERT INTO pin VALUES(1,'01KJN2X000000000000000000B','01KJN2X0000000000000000008','01KJN2X0000000000000000003',1772395210000,NULL);
INSERT INTO pin VALUES(2,'01KJN2X000000000000000000C','01KJN2X0000000000000000008','01KJN2X0000000000000000004',1772395270000,NULL);
INSERT INTO pin VALUES(3,'01KJN2X000000000000000000F','01KJN2X000000000000000000E','01KJN2X0000000000000000005',1772398930000,1772398995000);
INSERT INTO pin VALUES(4,'01KJN2X000000000000000000J','01KJN2X000000000000000000E','01KJN2X0000000000000000006',1772398995000,NULL);
INSERT INTO pin VALUES(5,'01KJN2X000000000000000000N','01KJN2X000000000000000000E','01KJN2X0000000000000000007',1772398995000,NULL);
INSERT INTO pin VALUES(6,'01KJN2X000000000000000000P','01KJN2X000000000000000000E','01KJN2X0000000000000000003',1772398995000,NULL);
INSERT INTO pin VALUES(7,'01KJN2X000000000000000000Y','01KJN2X000000000000000000V','01KJN2X0000000000000000003',1772398995000,NULL);
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
INSERT INTO event VALUES('01KJN2X0000000000000000008',1,'01KJN2X000000000000000000A','show.start',1772395200000,NULL,NULL,'{"v":1,"kind":"show.start","show":"01KJN2X0000000000000000008","seq":1,"at":1772395200000}','{"v":1,"kind":"state","show":"01KJN2X0000000000000000008","seq":1,"at":1772395200000,"pinned":[],"offers":[]}','{"pts":900000,"date":"2026-03-01T20:00:00Z","epoch":"01kjn2x0000000000000000009","segment":1,"part":2}');
INSERT INTO event VALUES('01KJN2X0000000000000000008',2,'01KJN2X000000000000000000B','product.pin',1772395210000,NULL,'01KJN2X0000000000000000003','{"v":1,"kind":"product.pin","show":"01KJN2X0000000000000000008","seq":2,"at":1772395210000,"product":{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJN2X0000000000000000008","seq":2,"at":1772395210000,"pinned":[{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}','{"pts":1800000,"date":"2026-03-01T20:00:10Z","epoch":"01kjn2x0000000000000000009","segment":1,"part":2}');
INSERT INTO event VALUES('01KJN2X0000000000000000008',3,'01KJN2X000000000000000000C','product.pin',1772395270000,NULL,'01KJN2X0000000000000000004','{"v":1,"kind":"product.pin","show":"01KJN2X0000000000000000008","seq":3,"at":1772395270000,"product":{"id":"01KJN2X0000000000000000004","rev":1,"sku":"B","title":"Title B","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJN2X0000000000000000008","seq":3,"at":1772395270000,"pinned":[{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000004","rev":1,"sku":"B","title":"Title B","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}','{"pts":7200000,"date":"2026-03-01T20:01:10Z","epoch":"01kjn2x0000000000000000009","segment":1,"part":2}');
INSERT INTO event VALUES('01KJN2X0000000000000000008',4,'01KJN2X000000000000000000D','show.end',1772395330000,NULL,NULL,'{"v":1,"kind":"show.end","show":"01KJN2X0000000000000000008","seq":4,"at":1772395330000}','{"v":1,"kind":"state","show":"01KJN2X0000000000000000008","seq":4,"at":1772395330000,"pinned":[{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000004","rev":1,"sku":"B","title":"Title B","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJN2X000000000000000000E',1,'01KJN2X000000000000000000F','product.pin',1772398930000,NULL,'01KJN2X0000000000000000005','{"v":1,"kind":"product.pin","show":"01KJN2X000000000000000000E","seq":1,"at":1772398930000,"product":{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":1,"at":1772398930000,"pinned":[{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJN2X000000000000000000E',2,'01KJN2X000000000000000000H','show.start',1772398990000,NULL,NULL,'{"v":1,"kind":"show.start","show":"01KJN2X000000000000000000E","seq":2,"at":1772398990000}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":2,"at":1772398990000,"pinned":[{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}','{"pts":900000,"date":"2026-03-01T21:03:10Z","epoch":"01kjn2x000000000000000000g","segment":1,"part":2}');
INSERT INTO event VALUES('01KJN2X000000000000000000E',3,'01KJN2X000000000000000000J','product.pin',1772398995000,NULL,'01KJN2X0000000000000000006','{"v":1,"kind":"product.pin","show":"01KJN2X000000000000000000E","seq":3,"at":1772398995000,"product":{"id":"01KJN2X0000000000000000006","rev":1,"sku":"D","title":"Title D","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":3,"at":1772398995000,"pinned":[{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000006","rev":1,"sku":"D","title":"Title D","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}','{"pts":1350000,"date":"2026-03-01T21:03:15Z","epoch":"01kjn2x000000000000000000g","segment":1,"part":2}');
INSERT INTO event VALUES('01KJN2X000000000000000000E',4,'01KJN2X000000000000000000K','product.update',1772398995000,NULL,'01KJN2X0000000000000000006','{"v":1,"kind":"product.update","show":"01KJN2X000000000000000000E","seq":4,"at":1772398995000,"product":{"id":"01KJN2X0000000000000000006","rev":2,"price":890}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":4,"at":1772398995000,"pinned":[{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000006","rev":2,"sku":"D","title":"Title D","price":890,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJN2X000000000000000000E',5,'01KJN2X000000000000000000M','custom',1772398995000,NULL,NULL,'{"v":1,"kind":"custom","show":"01KJN2X000000000000000000E","seq":5,"at":1772398995000,"data":{"confetti":true,"text":"<b>&"}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":5,"at":1772398995000,"pinned":[{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000006","rev":2,"sku":"D","title":"Title D","price":890,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}','{"pts":1350000,"date":"2026-03-01T21:03:15Z","epoch":"01kjn2x000000000000000000g","segment":1,"part":2}');
INSERT INTO event VALUES('01KJN2X000000000000000000E',6,'01KJN2X000000000000000000N','product.pin',1772398995000,NULL,'01KJN2X0000000000000000007','{"v":1,"kind":"product.pin","show":"01KJN2X000000000000000000E","seq":6,"at":1772398995000,"product":{"id":"01KJN2X0000000000000000007","rev":1,"sku":"E","title":"Title E","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":6,"at":1772398995000,"pinned":[{"id":"01KJN2X0000000000000000005","rev":1,"sku":"C","title":"Title C","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000006","rev":2,"sku":"D","title":"Title D","price":890,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000007","rev":1,"sku":"E","title":"Title E","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJN2X000000000000000000E',7,'01KJN2X000000000000000000Q','product.unpin',1772398995000,NULL,'01KJN2X0000000000000000005','{"v":1,"kind":"product.unpin","show":"01KJN2X000000000000000000E","seq":7,"at":1772398995000,"product":{"id":"01KJN2X0000000000000000005"}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":7,"at":1772398995000,"pinned":[{"id":"01KJN2X0000000000000000006","rev":2,"sku":"D","title":"Title D","price":890,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000007","rev":1,"sku":"E","title":"Title E","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJN2X000000000000000000E',8,'01KJN2X000000000000000000P','product.pin',1772398995000,NULL,'01KJN2X0000000000000000003','{"v":1,"kind":"product.pin","show":"01KJN2X000000000000000000E","seq":8,"at":1772398995000,"product":{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000E","seq":8,"at":1772398995000,"pinned":[{"id":"01KJN2X0000000000000000006","rev":2,"sku":"D","title":"Title D","price":890,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000007","rev":1,"sku":"E","title":"Title E","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"},{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJN2X000000000000000000V',1,'01KJN2X000000000000000000X','show.start',1772398995000,NULL,NULL,'{"v":1,"kind":"show.start","show":"01KJN2X000000000000000000V","seq":1,"at":1772398995000}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000V","seq":1,"at":1772398995000,"pinned":[],"offers":[]}',NULL);
INSERT INTO event VALUES('01KJN2X000000000000000000V',2,'01KJN2X000000000000000000Y','product.pin',1772398995000,NULL,'01KJN2X0000000000000000003','{"v":1,"kind":"product.pin","show":"01KJN2X000000000000000000V","seq":2,"at":1772398995000,"product":{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}}','{"v":1,"kind":"state","show":"01KJN2X000000000000000000V","seq":2,"at":1772398995000,"pinned":[{"id":"01KJN2X0000000000000000003","rev":1,"sku":"A","title":"Title A","price":990,"list_price":1290,"currency":"CNY","digits":2,"stock":"in"}],"offers":[]}',NULL);
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
INSERT INTO cue VALUES('01KJN2X000000000000000000B','01KJN2X0000000000000000001','01KJN2X0000000000000000008',NULL,'product.pin','01KJN2X0000000000000000003',NULL,NULL,1772395210000,'due',NULL,1772395210000);
INSERT INTO cue VALUES('01KJN2X000000000000000000C','01KJN2X0000000000000000001','01KJN2X0000000000000000008',NULL,'product.pin','01KJN2X0000000000000000004',NULL,NULL,1772395270000,'due',NULL,1772395270000);
INSERT INTO cue VALUES('01KJN2X000000000000000000F','01KJN2X0000000000000000001','01KJN2X000000000000000000E',NULL,'product.pin','01KJN2X0000000000000000005',NULL,NULL,1772398930000,'due',NULL,1772398930000);
INSERT INTO cue VALUES('01KJN2X000000000000000000J','01KJN2X0000000000000000001','01KJN2X000000000000000000E',NULL,'product.pin','01KJN2X0000000000000000006',NULL,NULL,1772398995000,'due',NULL,1772398995000);
INSERT INTO cue VALUES('01KJN2X000000000000000000M','01KJN2X0000000000000000001','01KJN2X000000000000000000E',NULL,'custom',NULL,NULL,'{"confetti":true,"text":"<b>&"}',1772398995000,'due',NULL,1772398995000);
INSERT INTO cue VALUES('01KJN2X000000000000000000N','01KJN2X0000000000000000001','01KJN2X000000000000000000E',NULL,'product.pin','01KJN2X0000000000000000007',NULL,NULL,1772398995000,'due',NULL,1772398995000);
INSERT INTO cue VALUES('01KJN2X000000000000000000P','01KJN2X0000000000000000001','01KJN2X000000000000000000E',NULL,'product.pin','01KJN2X0000000000000000003',NULL,NULL,1772398995000,'due',NULL,1772398995000);
INSERT INTO cue VALUES('01KJN2X000000000000000000R','01KJN2X0000000000000000001','01KJN2X000000000000000000E',NULL,'product.pin','01KJN2X0000000000000000004',NULL,NULL,1772399025000,'scheduled',NULL,1772398995000);
INSERT INTO cue VALUES('01KJN2X000000000000000000S','01KJN2X0000000000000000001','01KJN2X000000000000000000E','01kjn2x000000000000000000g','notice',NULL,'soon',NULL,1772402590000,'scheduled',NULL,1772398995000);
INSERT INTO cue VALUES('01KJN2X000000000000000000T','01KJN2X0000000000000000001','01KJN2X000000000000000000E',NULL,'product.pin','01KJN2X0000000000000000005',NULL,NULL,1772402595000,'cancelled','taken back',1772398995000);
INSERT INTO cue VALUES('01KJN2X000000000000000000Y','01KJN2X0000000000000000002','01KJN2X000000000000000000V',NULL,'product.pin','01KJN2X0000000000000000003',NULL,NULL,1772398995000,'due',NULL,1772398995000);
CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key   TEXT NOT NULL,
  body  BLOB NOT NULL,                       -- hash of the request
  ref   TEXT NOT NULL,                       -- what was made
  at    INTEGER NOT NULL, answer TEXT,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID;
INSERT INTO idempotency VALUES('pins/corn','a key',X'0700000000000000000000000000000000000000000000000000000000000000','01KJN2X000000000000000000J',1772398995000,'{"ID":"01KJN2X000000000000000000J","Room":"corn","Show":"01KJN2X000000000000000000E","Kind":"product.pin","Product":"01KJN2X0000000000000000006","Status":"due","Due":"2026-03-01T21:03:15Z","Seq":3,"Landed":null,"Reason":""}');
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
CREATE TABLE IF NOT EXISTS "click" (
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
INSERT INTO note VALUES('commits','2');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',7);
INSERT INTO sqlite_sequence VALUES('pin',7);
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
COMMIT;
