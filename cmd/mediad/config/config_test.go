package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// config.yaml of the repository is the manual: it must match the code.
func TestRepositoryConfigIsTheDefaults(t *testing.T) {
	const path = "../../../config.yaml"
	got, err := Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Defaults(), got); diff != "" {
		t.Errorf("(-defaults +config.yaml):\n%s", diff)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file any
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	mentions(t, reflect.TypeFor[Config](), file, "")
}

// mentions fails for every key of a struct that a YAML value does not have.
func mentions(t *testing.T, typ reflect.Type, value any, key string) {
	t.Helper()
	if typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.Struct {
		list, ok := value.([]any)
		if ok && key == "rooms.push" {
			return // an example of it is in the comments: TestPushInComments
		}
		if !ok || len(list) == 0 {
			t.Errorf("%s lists nothing", key)
			return
		}
		typ, value = typ.Elem(), list[0]
	}
	if typ.Kind() != reflect.Struct {
		return
	}
	m, _ := value.(map[string]any)
	for i, name := range keysOf(typ) {
		v, ok := m[name]
		if name == "" || !ok {
			t.Errorf("%s is not in config.yaml", join(key, name))
		}
		mentions(t, typ.Field(i).Type, v, join(key, name))
	}
}

func TestLoadConfig(t *testing.T) {
	full := Defaults()
	full.DataDir = "/var/lib/mediad"
	full.Log = Log{Level: "debug", Format: "json"}
	full.RTMP = RTMP{
		Listen: "127.0.0.1:0", PublicURL: "rtmps://live.example.com/live", TLS: RTMPTLS{Listen: ":443", Cert: "c.pem", Key: "k.pem"},
		MaxConnections: 10, MaxConnectionsPerAddress: 2,
		HandshakeTimeout: time.Second, PublishTimeout: 2 * time.Second, MediaTimeout: 3 * time.Second, WriteTimeout: 4 * time.Second,
		Ban: Ban{Within: time.Second, For: time.Hour},
	}
	full.HTTP.Listen = "127.0.0.1:0"
	full.HTTP.MaxConnections = 100
	full.HTTP.PublicURL = "https://live.example.com"
	full.HLS = HLS{Part: 200 * time.Millisecond, Segment: time.Second, Window: 6 * time.Second, DVR: 2 * time.Hour, CueDelay: 1500 * time.Millisecond}
	full.Storage = Storage{Kind: "s3", Dir: Dir{Path: "/srv"}, Retention: 720 * time.Hour, Spool: 500_000_000, Uploads: 8,
		S3: S3{Endpoint: "http://127.0.0.1:7070", Region: "eu", Bucket: "b", Prefix: "a/b", PathStyle: true, SSE: "aws:kms", KMSKey: "k"}}
	full.Auth = Auth{AdminToken: "secret-of-some-length", Ban: Defaults().Auth.Ban, PublishWebhook: Webhook{URL: "https://h/p?a=b", Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}
	full.Rooms = []Room{{Slug: "a", StreamKey: "0012001200120012", Title: "玉米"}, {Slug: "b-2"}}

	empty := Defaults()
	empty.Rooms = []Room{}

	env := Defaults()
	env.DataDir = "d"
	env.HTTP.Listen = ":1"
	env.HLS.Part = 250 * time.Millisecond
	env.Storage.Kind, env.Storage.S3.Bucket, env.Storage.S3.PathStyle = "s3", "a=b", true

	for name, c := range map[string]struct {
		text    string
		environ []string
		want    Config
	}{
		"empty":    {"", nil, Defaults()},
		"comments": {"# nothing\n", nil, Defaults()},
		"one key":  {"log: {level: info}\n", nil, Defaults()},
		"full": {`
data_dir: /var/lib/mediad
log: {level: debug, format: json}
rtmp:
  listen: 127.0.0.1:0
  public_url: rtmps://live.example.com/live/
  tls: {listen: ":443", cert: c.pem, key: k.pem}
  max_connections: 10
  max_connections_per_address: 2
  max_bitrate_kbps: 0
  handshake_timeout: 1s
  publish_timeout: 2s
  media_timeout: 3s
  write_timeout: 4s
  ban: {wrong_keys: 0, within: 1s, for: 1h}
http: {listen: "127.0.0.1:0", public_url: https://live.example.com/, max_connections: 100}
hls: {part: 200ms, segment: 1s, window: 6s, dvr: 2h, reconnect: 0s, cue_delay: 1.5s}
storage:
  kind: s3
  dir: {path: /srv}
  s3: {endpoint: "http://127.0.0.1:7070", region: eu, bucket: b, prefix: /a/b/, path_style: true, sse: "aws:kms", kms_key: k}
  spool: 500MB
  uploads: 8
  retention: 720h
auth: {admin_token: secret-of-some-length, publish_webhook: {url: "https://h/p?a=b", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}}
rooms:
  - {slug: a, stream_key: "0012001200120012", title: 玉米}
  - slug: b-2
`, nil, full},
		"no rooms": {"rooms: []\n", nil, empty},
		"variables": {"http: {listen: ':2'}\nhls: {part: 400ms}\n", []string{
			"PATH=/bin", "MEDIAD_DATA_DIR=d", "MEDIAD_HTTP_LISTEN=:1", "MEDIAD_HLS_PART=250ms", "MEDIAD_SERVICE_HOST=10.0.0.1",
			"MEDIAD_HTTP_SERVICE_HOST=10.0.0.2", "MEDIAD_HTTP_PORT=tcp://10.0.0.2:80", "MEDIAD_PORT_8080_TCP=tcp://10.0.0.2:80", "MEDIAD_PORT_8080_TCP_ADDR=10.0.0.2", "MEDIAD_SERVICE_PORT_HTTP=80", "MEDIADX_HTTP=1",
			"MEDIAD_STORAGE_KIND=s3", "MEDIAD_STORAGE_S3_BUCKET=a=b", "MEDIAD_STORAGE_S3_PATH_STYLE=true", "MEDIAD_RTMP_TLS_LISTEN=",
		}, env},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Load(written(t, c.text), c.environ)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// YAML would read some keys as numbers: such a key must be refused, not
// changed.
func TestUnquotedStreamKey(t *testing.T) {
	for _, key := range []string{"0012", "1234567890123456789012", "0x1F", "1e5555555555555555", "1_000", "true", ".inf", "live_1_live_1_live_1", "12:30:12:30:12:30"} {
		got, err := Load(written(t, "rooms:\n- {slug: a, stream_key: "+key+"}\n"), nil)
		if err == nil && got.Rooms[0].StreamKey != key || err != nil && !strings.Contains(err.Error(), ":2: rooms[0].stream_key: put "+key+" in quotes") {
			t.Errorf("%s is read as %+v, error %v", key, got.Rooms, err)
		}
	}
}

func TestConfigErrors(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		environ []string
		want    string // the whole error behind the file's path
	}{
		"unknown":       {"\nhttp:\n  listn: x\n", nil, `:3: unknown key "http.listn"; known there: listen, public_url, tls, max_connections, api_origins`},
		"unknown top":   {"a: 1\n", nil, `:1: unknown key "a"; known: data_dir, log, rtmp, http, hls, storage, database, cluster, auth, metrics, playback, clicks, downloads, smtp, reminders, privacy, webhooks, rooms, thumbnails, ffmpeg`},
		"unknown deep":  {"rooms:\n  - slug: a\n  - slog: b\n", nil, `:3: unknown key "rooms[1].slog"; known there: slug, stream_key, title, latency, push`},
		"twice":         {"log: {level: info}\nlog: {level: warn}\n", nil, `:2: mapping key "log" already defined at [1:1]`},
		"a tab":         {"http:\n\tlisten: x\n", nil, `:2: a tab indents this line; YAML takes spaces only`},
		"a tab, deeper": {"# ok\nhls:\n  part: 1s\n  \tsegment: 2s\n", nil, `:4: a tab indents this line; YAML takes spaces only`},
		"syntax":        {"log: {level: info\n", nil, `:1: `},
		"binary":        {"\x00\x01", nil, `:1: `},
		"list":          {"- a\n", nil, `:1: the configuration must be a mapping of keys`},
		"word":          {"hello\n", nil, `:1: the configuration must be a mapping of keys`},
		"not mapping":   {"log: info\n", nil, `:1: log must be a mapping of level, format`},
		"not list":      {"rooms: demo\n", nil, `:1: rooms must be a list`},
		"list for word": {"data_dir: [a]\n", nil, `:1: data_dir must be a plain value`},
		"null":          {"log:\n  level:\n", nil, `:2: log.level has no value; leave the line out for its default, or write ""`},
		"null mapping":  {"log:\n", nil, `:1: log must be a mapping of level, format`},
		"alias":         {"data_dir: &a x\n", nil, `:1: data_dir must be a plain value`},
		"tag":           {"data_dir: !!binary aGk=\n", nil, `:1: data_dir must be a plain value`},
		"documents":     {"log: {level: info}\n---\nlog: {level: info}\n", nil, `:3: a second document begins; only one is read`},
		"duration":      {"hls:\n  part: soon\n", nil, `:2: hls.part: "soon" is not a duration such as 500ms, 2s or 1h30m`},
		"bare number":   {"hls: {part: 5}\n", nil, `:1: hls.part: "5" is not a duration such as 500ms, 2s or 1h30m`},
		"yes":           {"storage: {s3: {path_style: yes}}\n", nil, `:1: storage.s3.path_style: "yes" is neither true nor false`},

		"variable":      {"", []string{"MEDIAD_HLS_PART=soon"}, `variable MEDIAD_HLS_PART: "soon" is not a duration such as 500ms, 2s or 1h30m`},
		"variable bool": {"", []string{"MEDIAD_STORAGE_S3_PATH_STYLE=1"}, `variable MEDIAD_STORAGE_S3_PATH_STYLE: "1" is neither true nor false`},

		"sse":             {"storage: {s3: {sse: kms}}\n", nil, `configuration: storage.s3.sse is "kms"; it must be AES256, aws:kms, aws:kms:dsse or empty`},
		"kms key":         {"storage: {s3: {kms_key: k}}\n", nil, `configuration: storage.s3.kms_key needs storage.s3.sse: aws:kms`},
		"data_dir":        {"data_dir: ''\n", nil, `configuration: data_dir is empty`},
		"level":           {"log: {level: loud}\n", nil, `configuration: log.level is "loud"; it must be one of debug, info, warn, error`},
		"format":          {"log: {format: xml}\n", nil, `configuration: log.format is "xml"; it must be one of text, json`},
		"listen":          {"http: {listen: '8080'}\n", nil, `configuration: http.listen is "8080"; it must be HOST:PORT or :PORT`},
		"listen port":     {"rtmp: {listen: ':70000'}\n", nil, `configuration: rtmp.listen is ":70000"; it must be HOST:PORT or :PORT`},
		"same port":       {"rtmp: {listen: ':8080'}\n", nil, `configuration: rtmp.listen and http.listen are both ":8080"`},
		"rtmp public_url": {"rtmp: {public_url: \"rtmp://live.example.com\"}\n", nil, `configuration: rtmp.public_url is "rtmp://live.example.com"; it must look like rtmp://HOST:1935/live or rtmps://HOST/live`},
		"smtp server":     {"smtp: {server: smtp.example.com, from: a@b.example}\n", nil, `configuration: smtp.server is "smtp.example.com"; it must be HOST:PORT, such as smtp.example.com:587`},
		"smtp without":    {"smtp: {from: a@b.example}\n", nil, `configuration: smtp.server is empty, and other keys of smtp are set; set it, such as smtp.example.com:587`},
		"smtp in plain":   {"http: {public_url: https://a.example}\nsmtp: {server: \"smtp.example.com:25\", tls: none, from: a@b.example}\n", nil, `configuration: smtp.tls is none, and smtp.server is on another machine: everybody on the way could read the links; set smtp.tls: starttls or implicit`},
		"smtp links":      {"smtp: {server: \"smtp.example.com:25\", from: a@b.example}\n", nil, `configuration: smtp.server needs http.public_url: the links in letters begin with it`},
		"smtp from":       {"http: {public_url: https://a.example}\nsmtp: {server: \"smtp.example.com:25\", from: \"a@b.example\\nBcc: c@d.example\"}\n", nil, `configuration: smtp.from is "a@b.example\nBcc: c@d.example"; it must look like no-reply@shop.example or Shop <no-reply@shop.example>`},
		"smtp password":   {"http: {public_url: https://a.example}\nsmtp: {server: \"smtp.example.com:25\", user: li, from: a@b.example}\n", nil, `configuration: smtp.user is set but smtp.password is not; set both or none`},
		"public_url":      {"http: {public_url: example.com}\n", nil, `configuration: http.public_url is "example.com"; it must look like https://example.com`},
		"part short":      {"hls: {part: 50ms}\n", nil, `configuration: hls.part is 50ms; it must be between 100ms and 2s`},
		"part long":       {"hls: {part: 3s}\n", nil, `configuration: hls.part is 3s; it must be between 100ms and 2s`},
		"part fraction":   {"hls: {part: 333.3ms}\n", nil, `configuration: hls.part is 333.3ms; it must be a whole number of milliseconds`},
		"segment":         {"hls: {segment: 11s}\n", nil, `configuration: hls.segment is 11s; it must be between 1s and 10s`},
		"segment < part":  {"hls: {part: 2s, segment: 1s}\n", nil, `configuration: hls.segment is 1s, shorter than hls.part (2s)`},
		"window":          {"hls: {segment: 6s}\n", nil, `configuration: hls.window is 30s; it must hold at least six segments (36s)`},
		"window long":     {"hls: {window: 2h}\n", nil, `configuration: hls.window is 2h0m0s; it must be between 0s and 1h0m0s`},
		"dvr":             {"hls: {dvr: 10s}\n", nil, `configuration: hls.dvr is 10s, shorter than hls.window (30s)`},
		"reconnect":       {"hls: {reconnect: -1s}\n", nil, `configuration: hls.reconnect is -1s; it must be between 0s and 1h0m0s`},
		"cue_delay":       {"hls: {cue_delay: 2m}\n", nil, `configuration: hls.cue_delay is 2m0s; it must be between 0s and 1m0s`},
		"kind":            {"storage: {kind: gcs}\n", nil, `configuration: storage.kind is "gcs"; it must be one of dir, s3, none`},
		"bucket":          {"storage: {kind: s3}\n", nil, `configuration: storage.kind is s3 but storage.s3.bucket is empty`},
		"prefix":          {"storage: {s3: {prefix: a/../..}}\n", nil, `configuration: storage.s3.prefix is "a/../.."; it must be a plain path`},
		"endpoint":        {"storage: {s3: {endpoint: 'host:1'}}\n", nil, `configuration: storage.s3.endpoint is "host:1"; it must look like https://example.com`},
		"spool":           {"storage: {spool: 1kB}\n", nil, `:1: storage.spool: "1kB" is not a size such as 500MB, 10GB or 2TiB`},
		"little spool":    {"storage: {spool: 1MiB}\n", nil, `configuration: storage.spool is 1048576 bytes; it must be between 100MB and 1024TiB`},
		"uploads":         {"storage: {uploads: 0}\n", nil, `configuration: storage.uploads is 0; it must be between 1 and 1024`},
		"retention":       {"storage: {retention: 1h}\n", nil, `configuration: storage.retention is 1h0m0s, shorter than hls.dvr (2h0m0s)`},
		"database":        {"database: {url: mysql://h}\n", nil, `configuration: database.url must be empty (SQLite in data_dir) or begin with postgres://`},
		"slug":            {"rooms: [{slug: Demo}]\n", nil, `configuration: rooms[0].slug is "Demo"; it must be 1 to 64 of a-z, 0-9 and -, with no - at its ends`},
		"slug empty":      {"rooms: [{title: Demo}]\n", nil, `configuration: rooms[0].slug is ""; it must be 1 to 64 of a-z, 0-9 and -, with no - at its ends`},
		"slug's ends":     {"rooms: [{slug: -a}]\n", nil, `configuration: rooms[0].slug is "-a"; it must be 1 to 64 of a-z, 0-9 and -, with no - at its ends`},
		"slug twice":      {"rooms: [{slug: a}, {slug: a}]\n", nil, `configuration: rooms[1].slug: there are two rooms called "a"`},
		"latency":         {"rooms: [{slug: a, latency: quick}]\n", nil, `configuration: rooms[0].latency is "quick"; it must be low, balanced or mass`},
		"key twice":       {"rooms: [{slug: a, stream_key: kkkkkkkkkkkkkkkk}, {slug: b, stream_key: kkkkkkkkkkkkkkkk}]\n", nil, `configuration: rooms "a" and "b" have the same stream_key`},
		"key syntax":      {"rooms: [{slug: a, stream_key: 'aaaaaaaaaaaaaaaa?b'}]\n", nil, `configuration: rooms[0].stream_key may hold at most 128 letters, digits and . _ ~ + = : @ ! $ * -`},
		"token":           {"auth: {admin_token: 'aaaaaaaaaaaaaaaa b'}\n", nil, `configuration: auth.admin_token may hold at most 128 letters, digits and . _ ~ + = : @ ! $ * -`},
		"short token":     {"auth: {admin_token: fifteen-letters}\n", nil, `configuration: auth.admin_token has 15 characters; it must have at least 16, which nobody guesses: openssl rand -hex 16 makes one`},
		"short key":       {"rooms: [{slug: a, stream_key: 'hunter2'}]\n", nil, `configuration: rooms[0].stream_key has 7 characters; it must have at least 16, which nobody guesses: openssl rand -hex 16 makes one`},
		"short metrics":   {"metrics: {token: xyz}\n", nil, `configuration: metrics.token has 3 characters; it must have at least 16, which nobody guesses: openssl rand -hex 16 makes one`},
		"open metrics":    {"metrics: {listen: ':9180'}\n", nil, `configuration: metrics.listen is ":9180", which is open to other machines, and metrics.token is empty; set a token, or listen on 127.0.0.1`},
		"metrics port":    {"metrics: {listen: '127.0.0.1'}\n", nil, `configuration: metrics.listen is "127.0.0.1"; it must be HOST:PORT or :PORT`},
		"title":           {"rooms: [{slug: a, title: " + strings.Repeat("x", 151) + "}]\n", nil, `configuration: rooms[0].title: has 151 characters, at most 150 are allowed`},
		"api origin":      {"http: {api_origins: ['*', https://a.example/x]}\n", nil, `configuration: http.api_origins[1] is "https://a.example/x"; it must be * or look like https://shop.example, without a path`},
		"unseen title":    {"rooms: [{slug: a, title: \"a\\u202eb\"}]\n", nil, `configuration: rooms[0].title: has a character that turns the direction of text (U+202E)`},
		"Latin-1":         {"# ok\nrooms: [{slug: a, title: caf\xe9}]\n", nil, `:2: the line is not UTF-8: save the file as UTF-8`},
		"cert alone":      {"http: {tls: {cert: a}}\n", nil, `configuration: http.tls.cert is set but http.tls.key is not; set both or none`},
		"key alone":       {"rtmp: {tls: {listen: ':1936', key: a}}\n", nil, `configuration: rtmp.tls.key is set but rtmp.tls.cert is not; set both or none`},
		"tls no cert":     {"rtmp: {tls: {listen: ':1936'}}\n", nil, `configuration: rtmp.tls.listen needs rtmp.tls.cert and rtmp.tls.key`},
		"tls no port":     {"rtmp: {tls: {cert: a, key: b}}\n", nil, `configuration: rtmp.tls.listen is ""; it must be HOST:PORT or :PORT`},

		"connections":          {"rtmp: {max_connections: 0}\n", nil, `configuration: rtmp.max_connections is 0; it must be between 1 and 1000000`},
		"HTTP connections":     {"http: {max_connections: -1}\n", nil, `configuration: http.max_connections is -1; it must be between 0 and 10000000`},
		"per address":          {"rtmp: {max_connections_per_address: -1}\n", nil, `configuration: rtmp.max_connections_per_address is -1; it must be between 1 and 1000000`},
		"bitrate":              {"rtmp: {max_bitrate_kbps: 50M}\n", nil, `:1: rtmp.max_bitrate_kbps: "50M" is not a whole number`},
		"bitrate octal":        {"rtmp: {max_bitrate_kbps: 0012}\n", nil, `:1: rtmp.max_bitrate_kbps: "0012" is not a whole number`},
		"bitrate large":        {"", []string{"MEDIAD_RTMP_MAX_BITRATE_KBPS=10000001"}, `configuration: rtmp.max_bitrate_kbps is 10000001; it must be between 0 and 10000000`},
		"timeout":              {"rtmp: {media_timeout: 100ms}\n", nil, `configuration: rtmp.media_timeout is 100ms; it must be between 1s and 10m0s`},
		"ban":                  {"rtmp: {ban: {for: 0s}}\n", nil, `configuration: rtmp.ban.for is 0s; it must be between 1s and 720h0m0s`},
		"webhook":              {"auth: {publish_webhook: {url: 'https://h'}}\n", nil, `configuration: auth.publish_webhook.url is set but auth.publish_webhook.secret is not; set both or none`},
		"webhook url":          {"auth: {publish_webhook: {url: h, secret: s}}\n", nil, `configuration: auth.publish_webhook.url must look like https://example.com/publish`},
		"webhook secret":       {"auth: {publish_webhook: {url: 'https://h', secret: s3cr3t}}\n", nil, `configuration: auth.publish_webhook.secret: must be whsec_ and 24 to 64 random bytes in base64, as from: echo whsec_$(openssl rand -base64 32)`},
		"two certificates":     {"http: {tls: {cert: a, key: b, acme_domains: [example.com]}}\n", nil, `configuration: http.tls.cert and http.tls.acme_domains are both set; set one of them`},
		"wildcard":             {"http: {tls: {acme_domains: ['*.example.com']}}\n", nil, `configuration: http.tls.acme_domains[0] is "*.example.com"; it must be a name such as live.example.com, without wildcards`},
		"redirect to nothing":  {"http: {tls: {redirect_listen: ':80'}}\n", nil, `configuration: http.tls.redirect_listen needs http.tls.cert or http.tls.acme_domains`},
		"later nats":           {"cluster: {nats_url: 'nats://h'}\n", nil, `configuration: cluster.nats_url is not supported yet by this version; leave it out`},
		"later node":           {"cluster: {node_url: 'http://h'}\n", nil, `configuration: cluster.node_url is not supported yet by this version; leave it out`},
		"no such variable":     {"", []string{"MEDIAD_HTTP_LISTNE=:80"}, `variable MEDIAD_HTTP_LISTNE: there is no such key; the nearest is MEDIAD_HTTP_LISTEN, and config.yaml lists them all`},
		"variable of a list":   {"", []string{"MEDIAD_PLAYBACK_KEYS=0123456789abcdef"}, `variable MEDIAD_PLAYBACK_KEYS: playback.keys is a list, which has no variable; it goes into the configuration file`},
		"no such top variable": {"", []string{"MEDIAD_DATA_DIRR=x"}, `variable MEDIAD_DATA_DIRR: there is no such key; the nearest is MEDIAD_DATA_DIR, and config.yaml lists them all`},
		"no such section":      {"", []string{"MEDIAD_PORT=8080"}, `variable MEDIAD_PORT: there is no such key; the nearest is MEDIAD_HTTP_LISTEN, and config.yaml lists them all`},
		"another's key":        {"", []string{"MEDIAD_LOGLEVEL=debug"}, `variable MEDIAD_LOGLEVEL: there is no such key; the nearest is MEDIAD_LOG_LEVEL, and config.yaml lists them all`},
		"later, variable":      {"", []string{"MEDIAD_CLUSTER_NODE_URL=http://h"}, `configuration: cluster.node_url is not supported yet by this version; leave it out`},
	} {
		t.Run(name, func(t *testing.T) {
			path := written(t, c.text)
			_, err := Load(path, c.environ)
			if err == nil {
				t.Fatal("no error")
			}
			got := strings.TrimPrefix(err.Error(), path)
			if got != c.want && !(strings.HasSuffix(c.want, " ") && strings.HasPrefix(got, c.want)) {
				t.Errorf("error %q\nwant  %q", got, c.want)
			}
			if strings.ContainsAny(got, "\n\x00") {
				t.Errorf("not one line: %q", got)
			}
		})
	}
}

func TestConfigFile(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Load("", nil)
	if err != nil || !cmp.Equal(c, Defaults()) {
		t.Errorf("without a file: %v, %+v", err, c)
	}
	if _, err := Load(DefaultFile, nil); err == nil || !strings.Contains(err.Error(), "config.yaml") {
		t.Errorf("a named file that is absent: error %v", err)
	}
	if err := os.WriteFile(DefaultFile, []byte("data_dir: here\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Load("", nil); err != nil || c.ObjectsDir() != filepath.Join("here", "objects") || c.DataPath("a", "b") != filepath.Join("here", "a", "b") {
		t.Errorf("error %v, objects in %q", err, c.ObjectsDir())
	}
	if err := os.WriteFile(DefaultFile, make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load("", nil); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a huge file: error %v", err)
	}
	c.Storage.Dir.Path = "/objects"
	if c.ObjectsDir() != "/objects" {
		t.Errorf("objects in %q", c.ObjectsDir())
	}
}

// Every scalar key has its variable, and no two keys share one.
func TestEveryScalarHasAVariable(t *testing.T) {
	c := Defaults()
	seen := make(map[string]string)
	scalars(reflect.ValueOf(&c).Elem(), "", func(key string, v reflect.Value) {
		name := variable(key)
		if seen[name] != "" {
			t.Errorf("%s stands for %s and %s", name, seen[name], key)
		}
		seen[name] = key
		for _, value := range []string{"true", "3s", "3", "word"} {
			if setScalar(v, value) == nil {
				return
			}
		}
		t.Errorf("%s cannot be set", key)
	})
	if len(seen) < 25 || seen["MEDIAD_HTTP_LISTEN"] != "http.listen" {
		t.Errorf("variables: %v", seen)
	}
}

func FuzzParseConfig(f *testing.F) {
	text, err := os.ReadFile("../../../config.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("rooms: [{slug: a}, {slug: *a}]\nhls: {part: 1s}")
	f.Add("a: &a [*a, *a]\n<<: *a\n? x\n: y\n")
	f.Add("a-\r---") // a second document, without a body
	f.Fuzz(func(t *testing.T, text string) {
		c := Defaults()
		if err := parse([]byte(text), &c); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("not one line: %q", err)
		}
	})
}

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
