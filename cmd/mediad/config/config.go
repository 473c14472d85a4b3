package config

import (
	"fmt"
	"slices"
	"time"
)

// Config is config.yaml. The comments of that file are its manual; every
// package below gets only what concerns it.
type Config struct {
	DataDir  string   `yaml:"data_dir"`
	Log      Log      `yaml:"log"`
	RTMP     RTMP     `yaml:"rtmp"`
	HTTP     HTTP     `yaml:"http"`
	HLS      HLS      `yaml:"hls"`
	Storage  Storage  `yaml:"storage"`
	Database Database `yaml:"database"`
	Cluster  Cluster  `yaml:"cluster"`
	Auth     Auth     `yaml:"auth"`
	Metrics  Metrics  `yaml:"metrics"`
	Playback Playback `yaml:"playback"`
	Clicks   Clicks   `yaml:"clicks"`

	Downloads Downloads `yaml:"downloads"`
	SMTP      SMTP      `yaml:"smtp"`
	Reminders Reminders `yaml:"reminders"`
	Privacy   Privacy   `yaml:"privacy"`
	Webhooks  Webhooks  `yaml:"webhooks"`

	Rooms []Room `yaml:"rooms"`

	Thumbnails string `yaml:"thumbnails"` // auto, on or off
	FFmpeg     string `yaml:"ffmpeg"`     // "": the one in PATH
}

// Webhooks says where what happens may be told.
type Webhooks struct {
	PrivateNetworks bool `yaml:"private_networks"` // also to the machine itself, and without TLS
}

// Log says what is logged, and how.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn or error
	Format string `yaml:"format"` // text or json
}

// RTMP says where encoders push, and how much they may send.
type RTMP struct {
	Listen    string  `yaml:"listen"`
	PublicURL string  `yaml:"public_url"` // without a slash at the end
	TLS       RTMPTLS `yaml:"tls"`

	MaxConnections           int `yaml:"max_connections"`
	MaxConnectionsPerAddress int `yaml:"max_connections_per_address"`
	MaxBitrateKbps           int `yaml:"max_bitrate_kbps"` // 0: no limit

	HandshakeTimeout time.Duration `yaml:"handshake_timeout"`
	PublishTimeout   time.Duration `yaml:"publish_timeout"`
	MediaTimeout     time.Duration `yaml:"media_timeout"`
	WriteTimeout     time.Duration `yaml:"write_timeout"`

	Ban Ban `yaml:"ban"`
}

// Ban says when an address is refused because of wrong stream keys.
type Ban struct {
	WrongKeys int           `yaml:"wrong_keys"` // 0: never
	Within    time.Duration `yaml:"within"`
	For       time.Duration `yaml:"for"`
}

// RTMPTLS is the second, encrypted port.
type RTMPTLS struct {
	Listen string `yaml:"listen"`
	Cert   string `yaml:"cert"`
	Key    string `yaml:"key"`
}

// HTTP is the server for viewers, hosts and shops.
type HTTP struct {
	Listen    string  `yaml:"listen"`
	PublicURL string  `yaml:"public_url"` // without a slash at the end
	TLS       HTTPTLS `yaml:"tls"`

	MaxConnections int `yaml:"max_connections"` // 0: as many as the limit of open files allows

	APIOrigins []string `yaml:"api_origins"` // sites whose pages may use the API; "*": all
}

// HTTPTLS makes the HTTP port an HTTPS port.
type HTTPTLS struct {
	Cert        string   `yaml:"cert"`
	Key         string   `yaml:"key"`
	ACMEDomains []string `yaml:"acme_domains"`

	ACMEEmail      string `yaml:"acme_email"`      // may be empty
	ACMEDirectory  string `yaml:"acme_directory"`  // "": Let's Encrypt
	RedirectListen string `yaml:"redirect_listen"` // "": no plain port
}

// HLS says how broadcasts are cut and how long they are kept live.
type HLS struct {
	Part      time.Duration `yaml:"part"`
	Segment   time.Duration `yaml:"segment"`
	Window    time.Duration `yaml:"window"`
	DVR       time.Duration `yaml:"dvr"`
	Reconnect time.Duration `yaml:"reconnect"`
	CueDelay  time.Duration `yaml:"cue_delay"`
}

// Storage says where closed segments go.
type Storage struct {
	Kind      string        `yaml:"kind"` // dir, s3 or none
	Dir       Dir           `yaml:"dir"`
	S3        S3            `yaml:"s3"`
	Retention time.Duration `yaml:"retention"`
	Spool     Size          `yaml:"spool"`   // how much may wait on the local disk
	Uploads   int           `yaml:"uploads"` // segments that are put at the same time
}

// Dir is a directory as object store. Config.ObjectsDir has the default of
// its path.
type Dir struct {
	Path string `yaml:"path"`
}

// S3 is a bucket. Credentials come from the AWS SDK's default chain.
type S3 struct {
	Endpoint  string `yaml:"endpoint"`
	Region    string `yaml:"region"`
	Bucket    string `yaml:"bucket"`
	Prefix    string `yaml:"prefix"` // without a slash at either end
	PathStyle bool   `yaml:"path_style"`
	SSE       string `yaml:"sse"`     // AES256, aws:kms, aws:kms:dsse or empty
	KMSKey    string `yaml:"kms_key"` // with aws:kms
}

// Database says where commerce is kept.
type Database struct {
	URL string `yaml:"url"` // may hold a password
}

// Kind names the kind of database, for logs, which never show the address.
func (d Database) Kind() string {
	if d.URL == "" {
		return "sqlite"
	}
	return "postgres"
}

// OnlySQLite refuses an action for which PostgreSQL has its own programs.
func (d Database) OnlySQLite(instead string) error {
	if d.URL == "" {
		return nil
	}
	return fmt.Errorf("database.url is set, and this is for SQLite: with PostgreSQL, %s (see docs/operate.md, PostgreSQL)", instead)
}

// Cluster joins several nodes.
type Cluster struct {
	NATSURL string `yaml:"nats_url"`
	NodeURL string `yaml:"node_url"`
}

// Auth holds what gives access.
type Auth struct {
	AdminToken     string   `yaml:"admin_token"`
	Ban            TokenBan `yaml:"ban"`
	PublishWebhook Webhook  `yaml:"publish_webhook"`
}

// TokenBan says when an address is refused because of wrong API tokens.
type TokenBan struct {
	WrongTokens int           `yaml:"wrong_tokens"` // 0: never
	Within      time.Duration `yaml:"within"`
	For         time.Duration `yaml:"for"`
}

// Metrics says where the operator's own pages are.
type Metrics struct {
	Listen string `yaml:"listen"` // "": nowhere
	Token  string `yaml:"token"`
}

// Playback says whether media needs a signed address.
type Playback struct {
	Protect  bool          `yaml:"protect"`
	Keys     []string      `yaml:"keys"` // the first one signs; none: the key in data_dir
	Lifetime time.Duration `yaml:"lifetime"`
}

// Clicks bounds the kept clicks of viewers that go to the shop.
type Clicks struct {
	Keep  time.Duration `yaml:"keep"`  // 0: for ever
	Limit int           `yaml:"limit"` // how many
}

// Downloads bounds the files that are made of recordings.
type Downloads struct {
	Limit Size `yaml:"limit"` // bytes of all of them
}

// Webhook is an address that decides about each publisher.
type Webhook struct {
	URL    string `yaml:"url"`    // "": none; then the key is enough
	Secret string `yaml:"secret"` // whsec_ and base64, as in Standard Webhooks
}

// Room is one room that exists from the start.
type Room struct {
	Slug      string `yaml:"slug"`
	StreamKey string `yaml:"stream_key"` // "": generated, kept in the database
	Title     string `yaml:"title"`
	Latency   string `yaml:"latency"` // low, balanced or mass; "": as in the database, where a new room has low
	Push      []Push `yaml:"push"`    // other servers that get what its publisher sends
}

// DefaultMetrics is the default address of the metrics.
const DefaultMetrics = "127.0.0.1:9180"

// Defaults is the configuration without a config file.
func Defaults() Config {
	return Config{
		DataDir: "data",
		Log:     Log{Level: "info", Format: "text"},
		RTMP: RTMP{
			Listen:         ":1935",
			MaxConnections: 1024, MaxConnectionsPerAddress: 64, MaxBitrateKbps: 50_000,
			HandshakeTimeout: 10 * time.Second, PublishTimeout: 15 * time.Second,
			MediaTimeout: 15 * time.Second, WriteTimeout: 10 * time.Second,
			Ban: Ban{WrongKeys: 10, Within: time.Minute, For: 5 * time.Minute},
		},
		HTTP: HTTP{Listen: ":8080", APIOrigins: []string{}, TLS: HTTPTLS{ACMEDomains: []string{}}},
		HLS: HLS{
			Part:      500 * time.Millisecond,
			Segment:   2 * time.Second,
			Window:    30 * time.Second,
			DVR:       2 * time.Hour,
			Reconnect: 60 * time.Second,
		},
		Auth:     Auth{Ban: TokenBan{WrongTokens: 10, Within: time.Minute, For: 5 * time.Minute}},
		Metrics:  Metrics{Listen: DefaultMetrics},
		Playback: Playback{Keys: []string{}, Lifetime: 12 * time.Hour},
		Storage:  Storage{Kind: "dir", Retention: 720 * time.Hour, Spool: 10_000_000_000, Uploads: 64},
		Clicks:   Clicks{Keep: 90 * 24 * time.Hour, Limit: 1_000_000},
		Rooms:    []Room{{Slug: "demo", Title: "Demo", Push: []Push{}}},

		Downloads: Downloads{Limit: 20_000_000_000},
		SMTP:      SMTP{TLS: "starttls", PerHour: 300},
		Reminders: Reminders{PerMinute: 120},
		Privacy:   Privacy{Views: 90 * 24 * time.Hour, Buyers: 2 * 365 * 24 * time.Hour, Audit: 2 * 365 * 24 * time.Hour},

		Thumbnails: "auto",
	}
}

// RoomFixed tells whether the configuration names a room.
func (c Config) RoomFixed(room string) bool {
	return slices.ContainsFunc(c.Rooms, func(r Room) bool { return r.Slug == room })
}

// KeyFixed tells whether the configuration has a room's stream key.
func (c Config) KeyFixed(room string) bool {
	return slices.ContainsFunc(c.Rooms, func(r Room) bool { return r.Slug == room && r.StreamKey != "" })
}

// Certificates gives the files of certificates and keys, by section.
func (c Config) Certificates() map[string][2]string {
	return map[string][2]string{"http": {c.HTTP.TLS.Cert, c.HTTP.TLS.Key}, "rtmp": {c.RTMP.TLS.Cert, c.RTMP.TLS.Key}}
}
