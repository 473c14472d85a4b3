package main

import (
	"path/filepath"
	"slices"
	"time"
)

// Config is config.yaml. The comments of that file are its manual; every
// package below gets only what concerns it.
type Config struct {
	DataDir  string         `yaml:"data_dir"`
	Log      LogConfig      `yaml:"log"`
	RTMP     RTMPConfig     `yaml:"rtmp"`
	HTTP     HTTPConfig     `yaml:"http"`
	HLS      HLSConfig      `yaml:"hls"`
	Storage  StorageConfig  `yaml:"storage"`
	Database DatabaseConfig `yaml:"database"`
	Cluster  ClusterConfig  `yaml:"cluster"`
	Auth     AuthConfig     `yaml:"auth"`
	Metrics  MetricsConfig  `yaml:"metrics"`
	Playback PlaybackConfig `yaml:"playback"`
	Clicks   ClicksConfig   `yaml:"clicks"`

	Downloads DownloadsConfig `yaml:"downloads"`

	Rooms []RoomConfig `yaml:"rooms"`

	Thumbnails string `yaml:"thumbnails"` // auto, on or off
	FFmpeg     string `yaml:"ffmpeg"`     // "": as PATH has it
}

// LogConfig says what is logged, and how.
type LogConfig struct {
	Level  string `yaml:"level"`  // debug, info, warn or error
	Format string `yaml:"format"` // text or json
}

// RTMPConfig is where encoders push, and how much of it.
type RTMPConfig struct {
	Listen string        `yaml:"listen"`
	TLS    RTMPTLSConfig `yaml:"tls"`

	MaxConnections           int `yaml:"max_connections"`
	MaxConnectionsPerAddress int `yaml:"max_connections_per_address"`
	MaxBitrateKbps           int `yaml:"max_bitrate_kbps"` // 0: no limit

	HandshakeTimeout time.Duration `yaml:"handshake_timeout"`
	PublishTimeout   time.Duration `yaml:"publish_timeout"`
	MediaTimeout     time.Duration `yaml:"media_timeout"`
	WriteTimeout     time.Duration `yaml:"write_timeout"`

	Ban BanConfig `yaml:"ban"`
}

// BanConfig says when an address is refused for its wrong stream keys.
type BanConfig struct {
	WrongKeys int           `yaml:"wrong_keys"` // 0: never
	Within    time.Duration `yaml:"within"`
	For       time.Duration `yaml:"for"`
}

// RTMPTLSConfig is the second, encrypted port.
type RTMPTLSConfig struct {
	Listen string `yaml:"listen"`
	Cert   string `yaml:"cert"`
	Key    string `yaml:"key"`
}

// HTTPConfig is where viewers, hosts and shops come.
type HTTPConfig struct {
	Listen    string        `yaml:"listen"`
	PublicURL string        `yaml:"public_url"` // without a slash at its end
	TLS       HTTPTLSConfig `yaml:"tls"`

	MaxConnections int `yaml:"max_connections"` // 0: what the limit of open files leaves

	APIOrigins []string `yaml:"api_origins"` // whose pages may use the API; "*": all
}

// HTTPTLSConfig makes the HTTP port an HTTPS port.
type HTTPTLSConfig struct {
	Cert        string   `yaml:"cert"`
	Key         string   `yaml:"key"`
	ACMEDomains []string `yaml:"acme_domains"`

	ACMEEmail      string `yaml:"acme_email"`      // may be empty
	ACMEDirectory  string `yaml:"acme_directory"`  // "": Let's Encrypt
	RedirectListen string `yaml:"redirect_listen"` // "": no plain port
}

// HLSConfig is how broadcasts are cut and how long they are kept live.
type HLSConfig struct {
	Part      time.Duration `yaml:"part"`
	Segment   time.Duration `yaml:"segment"`
	Window    time.Duration `yaml:"window"`
	DVR       time.Duration `yaml:"dvr"`
	Reconnect time.Duration `yaml:"reconnect"`
	CueDelay  time.Duration `yaml:"cue_delay"`
}

// StorageConfig is where closed segments go.
type StorageConfig struct {
	Kind      string        `yaml:"kind"` // dir, s3 or none
	Dir       DirConfig     `yaml:"dir"`
	S3        S3Config      `yaml:"s3"`
	Retention time.Duration `yaml:"retention"`
	Spool     Size          `yaml:"spool"`   // what may wait on the local disk
	Uploads   int           `yaml:"uploads"` // segments put at once
}

// DirConfig is a directory as object store. Config.objectsDir knows the
// default of its path.
type DirConfig struct {
	Path string `yaml:"path"`
}

// S3Config is a bucket. Credentials come from the AWS SDK's default chain.
type S3Config struct {
	Endpoint  string `yaml:"endpoint"`
	Region    string `yaml:"region"`
	Bucket    string `yaml:"bucket"`
	Prefix    string `yaml:"prefix"` // without slashes at its ends
	PathStyle bool   `yaml:"path_style"`
	SSE       string `yaml:"sse"`     // AES256, aws:kms, aws:kms:dsse or empty
	KMSKey    string `yaml:"kms_key"` // with aws:kms
}

// DatabaseConfig is where commerce is kept.
type DatabaseConfig struct {
	URL string `yaml:"url"`
}

// ClusterConfig joins several nodes.
type ClusterConfig struct {
	NATSURL string `yaml:"nats_url"`
	NodeURL string `yaml:"node_url"`
}

// AuthConfig holds what gives access.
type AuthConfig struct {
	AdminToken     string         `yaml:"admin_token"`
	Ban            TokenBanConfig `yaml:"ban"`
	PublishWebhook WebhookConfig  `yaml:"publish_webhook"`
}

// TokenBanConfig says when an address is refused for its wrong API tokens.
type TokenBanConfig struct {
	WrongTokens int           `yaml:"wrong_tokens"` // 0: never
	Within      time.Duration `yaml:"within"`
	For         time.Duration `yaml:"for"`
}

// MetricsConfig is where the operator's own surfaces are.
type MetricsConfig struct {
	Listen string `yaml:"listen"` // "": nowhere
	Token  string `yaml:"token"`
}

// PlaybackConfig says whether media may be had without a signed address.
type PlaybackConfig struct {
	Protect  bool          `yaml:"protect"`
	Keys     []string      `yaml:"keys"` // the first signs; none: one in data_dir
	Lifetime time.Duration `yaml:"lifetime"`
}

// ClicksConfig bounds what is kept of viewers' ways to the shop.
type ClicksConfig struct {
	Keep  time.Duration `yaml:"keep"`  // 0: for ever
	Limit int           `yaml:"limit"` // how many
}

// DownloadsConfig bounds the files that are made of recordings.
type DownloadsConfig struct {
	Limit Size `yaml:"limit"` // bytes of all of them
}

// WebhookConfig is an address that is asked about each publisher.
type WebhookConfig struct {
	URL    string `yaml:"url"`    // "": nobody is asked
	Secret string `yaml:"secret"` // whsec_ and base64, as Standard Webhooks has it
}

// RoomConfig is one room that exists from the start.
type RoomConfig struct {
	Slug      string `yaml:"slug"`
	StreamKey string `yaml:"stream_key"` // "": generated, kept in the database
	Title     string `yaml:"title"`
	Latency   string `yaml:"latency"` // low, balanced or mass; "": what the database says, low at first
}

// defaultMetrics is where metrics are unless somebody says otherwise.
const defaultMetrics = "127.0.0.1:9180"

// defaults is what holds without a config file.
func defaults() Config {
	return Config{
		DataDir: "data",
		Log:     LogConfig{Level: "info", Format: "text"},
		RTMP: RTMPConfig{
			Listen:         ":1935",
			MaxConnections: 1024, MaxConnectionsPerAddress: 64, MaxBitrateKbps: 50_000,
			HandshakeTimeout: 10 * time.Second, PublishTimeout: 15 * time.Second,
			MediaTimeout: 15 * time.Second, WriteTimeout: 10 * time.Second,
			Ban: BanConfig{WrongKeys: 10, Within: time.Minute, For: 5 * time.Minute},
		},
		HTTP: HTTPConfig{Listen: ":8080", APIOrigins: []string{}, TLS: HTTPTLSConfig{ACMEDomains: []string{}}},
		HLS: HLSConfig{
			Part:      500 * time.Millisecond,
			Segment:   2 * time.Second,
			Window:    30 * time.Second,
			DVR:       2 * time.Hour,
			Reconnect: 60 * time.Second,
		},
		Auth:     AuthConfig{Ban: TokenBanConfig{WrongTokens: 10, Within: time.Minute, For: 5 * time.Minute}},
		Metrics:  MetricsConfig{Listen: defaultMetrics},
		Playback: PlaybackConfig{Keys: []string{}, Lifetime: 12 * time.Hour},
		Storage:  StorageConfig{Kind: "dir", Retention: 720 * time.Hour, Spool: 10_000_000_000, Uploads: 64},
		Clicks:   ClicksConfig{Keep: 90 * 24 * time.Hour, Limit: 1_000_000},
		Rooms:    []RoomConfig{{Slug: "demo", Title: "Demo"}},

		Downloads: DownloadsConfig{Limit: 20_000_000_000},

		Thumbnails: "auto",
	}
}

// dataPath is a path inside the data directory.
func (c Config) dataPath(elem ...string) string {
	return filepath.Join(append([]string{c.DataDir}, elem...)...)
}

// leftByDatabase are patterns of files that only a server with a database leaves.
func (c Config) leftByDatabase() []string {
	left := []string{c.dataPath("spool", "*", "*.journal")}
	if c.Storage.Kind == "dir" {
		left = append(left, filepath.Join(c.objectsDir(), "live", "*", "index.m3u8"))
	}
	return left
}

// objectsDir is where the directory store keeps its objects.
func (c Config) objectsDir() string {
	if c.Storage.Dir.Path != "" {
		return c.Storage.Dir.Path
	}
	return c.dataPath("objects")
}

// roomFixed tells whether a room stands in the configuration.
func (c Config) roomFixed(room string) bool {
	return slices.ContainsFunc(c.Rooms, func(r RoomConfig) bool { return r.Slug == room })
}

// keyFixed tells whether a room's stream key stands in the configuration.
func (c Config) keyFixed(room string) bool {
	return slices.ContainsFunc(c.Rooms, func(r RoomConfig) bool { return r.Slug == room && r.StreamKey != "" })
}
