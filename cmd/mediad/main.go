// Command mediad is a live-shopping server in one binary: encoders push RTMP,
// viewers play Low-Latency HLS whose MPEG-TS carries product cues, closed
// segments go to an object store.
//
// This package is the only place where all packages meet: it reads the
// configuration, makes every part and connects it to the others, starts the
// goroutines and ends them on a signal. The packages make the decisions, not the
// code here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/importer"
	"mediad/cmd/mediad/inspect"
	"mediad/cmd/mediad/obsconfig"
	"mediad/cmd/mediad/sim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // the command could not do its work
	exitUsage  = 2 // the command line or the configuration is wrong
)

// commands is the command line.
type commands struct {
	Serve  starts `cmd:"" help:"Start the server for encoders, viewers and hosts."`
	Demo   starts `cmd:"" help:"Start the server with a demo: a show that runs by itself."`
	Import struct {
		configured
		importer.Command
	} `cmd:"" help:"Import products from a file. The server may run at the same time."`
	Inspect struct {
		Target string `arg:"" name:"FILE.ts|URL" help:"An MPEG-TS file, or the URL of an MPEG-TS file or of an HLS playlist."`
	} `cmd:"" help:"Print what is in MPEG-TS or HLS: tables, streams, part timing and cues."`
	Backup   backupCommand `cmd:"" help:"Copy the database and secret.key. The server may run at the same time."`
	Database struct {
		Check configured `cmd:"" help:"Read the whole database and report damage. The server may run at the same time."`
	} `cmd:"" help:"Check the database."`
	Doctor  visit           `cmd:"" help:"Follow a live HLS stream as a player does, and report the rules that it breaks."`
	Storage storageCommands `cmd:"" help:"Check and repair stored media."`
	Store   storeCommands   `cmd:"" help:"Move the database to PostgreSQL or to SQLite."`
	Room    roomCommands    `cmd:"" help:"Show the stream keys of rooms."`
	Token   tokenCommands   `cmd:"" help:"Create API tokens."`
	OBS     struct {
		configured
		obsconfig.Command
	} `cmd:"" name:"obs-config" help:"Print the configuration with which OBS sends pictures of several sizes."`
	Sim     sim.Command   `cmd:"" help:"Play a show with its audience and orders against a running server, and compare what the server reports with what was done."`
	Health  healthCommand `cmd:"" help:"Ask the server on this machine whether it is healthy: for the health check of a container or a supervisor."`
	Version struct{}      `cmd:"" help:"Show the version."`

	VersionFlag kong.VersionFlag `name:"version" help:"Show the version."`
}

type configured struct {
	Config string `placeholder:"FILE" help:"Configuration file. The default is config.yaml, if that file exists."`
}

// run is the whole program without the process around it.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	var cli commands
	helped := false
	parser, err := kong.New(&cli, kong.Name("mediad"), kong.Writers(stdout, stderr), kong.Vars{"version": version()}, kong.Exit(func(int) { helped = true }),
		kong.Description("Live shopping: RTMP in, Low-Latency HLS with product cues out."))
	if err != nil {
		return fail(stderr, exitFailed, err)
	}
	parsed, err := parser.Parse(asTyped(args))
	switch {
	case helped:
		return exitOK
	case err != nil:
		return fail(stderr, exitUsage, fmt.Errorf("%w; see mediad --help", err))
	}
	switch parsed.Command() {
	case "serve":
		return withConfig(ctx, cli.Serve.Config, environ, stdout, stderr, cli.Serve.origin(environ).serve)
	case "demo":
		return withConfig(ctx, cli.Demo.Config, environ, stdout, stderr, cli.Demo.origin(environ).serveDemo)
	case "backup", "backup <FILE|DIR>":
		return withConfig(ctx, cli.Backup.Config, environ, stdout, stderr, cli.Backup.do(stderr))
	case "database check":
		return withConfig(ctx, cli.Database.Check.Config, environ, stdout, stderr, checkDatabase)
	case "import <FILE>":
		return withConfig(ctx, cli.Import.Config, environ, stdout, stderr, func(ctx context.Context, c config.Config, out io.Writer) error {
			return unfinished(ctx, cli.Import.Do(ctx, c, out, stderr))
		})
	case "doctor <URL>":
		return examine(ctx, cli.Doctor, stdout, stderr)
	case "storage check":
		return withConfig(ctx, cli.Storage.Check.Config, environ, stdout, stderr, cli.Storage.Check.do(stderr))
	case "storage repair":
		return withConfig(ctx, cli.Storage.Repair.Config, environ, stdout, stderr, cli.Storage.Repair.do(stderr))
	case "store move":
		return withConfig(ctx, cli.Store.Move.Config, environ, stdout, stderr, cli.Store.Move.do(stderr))
	case "room key <ROOM>":
		return withConfig(ctx, cli.Room.Key.Config, environ, stdout, stderr, cli.Room.Key.Show)
	case "obs-config <ROOM>":
		return withConfig(ctx, cli.OBS.Config, environ, stdout, stderr, cli.OBS.Print)
	case "token create":
		return withConfig(ctx, cli.Token.Create.Config, environ, stdout, stderr, cli.Token.Create.make(stderr))
	case "sim":
		return ended(ctx, stderr, unfinished(ctx, cli.Sim.Do(ctx, os.Stdin, stdout, stderr)))
	case "health":
		return withConfig(ctx, cli.Health.Config, environ, stdout, stderr, cli.Health.ask)
	case "version":
		fmt.Fprintln(stdout, version())
		return exitOK
	}
	return ended(ctx, stderr, inspect.Write(ctx, stdout, cli.Inspect.Target))
}

// asTyped turns the words that people type for help and the version into those
// that the parser knows: `mediad help`, `mediad help serve`, `mediad serve help`,
// `mediad -help`.
func asTyped(args []string) []string {
	if len(args) == 0 {
		return []string{"--help"}
	}
	last := len(args) - 1
	switch first := args[0]; {
	case first == "help":
		return append(slices.Clone(args[1:]), "--help")
	case first == "-help" || first == "-?" || first == "/?":
		return []string{"--help"}
	case first == "-version" || first == "-v" || first == "-V":
		return []string{"--version"}
	// These commands take a file or an address, which may have that name.
	case last > 0 && (args[last] == "help" || args[last] == "-help") && !slices.Contains([]string{"inspect", "doctor", "backup", "import"}, first):
		return append(slices.Clone(args[:last]), "--help")
	}
	return args
}

func withConfig(ctx context.Context, path string, environ []string, stdout, stderr io.Writer, f func(context.Context, config.Config, io.Writer) error) int {
	c, err := config.Load(path, environ)
	if err != nil {
		return fail(stderr, exitUsage, err)
	}
	return ended(ctx, stderr, f(ctx, c, stdout))
}

// ended turns the error of a command into an exit code. A stop by a signal is
// no failure.
func ended(ctx context.Context, stderr io.Writer, err error) int {
	if err == nil || ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return exitOK
	}
	return fail(stderr, exitFailed, err)
}

// fail prints an error in one line.
func fail(stderr io.Writer, code int, err error) int {
	fmt.Fprintln(stderr, "mediad:", strings.Join(strings.Fields(err.Error()), " "))
	return code
}
