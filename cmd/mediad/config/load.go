package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// maxFile bounds the size of a config file.
const maxFile = 1 << 20

// DefaultFile is the file that is read when none is named.
const DefaultFile = "config.yaml"

// Load reads the file, lets variables of environ ("KEY=value") override it,
// and checks the result. path "" means DefaultFile, which may be absent: then
// the defaults hold. Every error is one line in the user's words.
func Load(path string, environ []string) (Config, error) {
	c := Defaults()
	name := path
	if name == "" {
		name = DefaultFile
	}
	text, err := readFile(name)
	switch {
	case path == "" && errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return c, err
	default:
		if err := parse(text, &c); err != nil {
			return c, fmt.Errorf("%s:%w", name, err)
		}
	}
	if err := override(&c, environ); err != nil {
		return c, err
	}
	c.RTMP.PublicURL = strings.TrimRight(c.RTMP.PublicURL, "/")
	c.HTTP.PublicURL = strings.TrimRight(c.HTTP.PublicURL, "/")
	c.Storage.S3.Prefix = strings.Trim(c.Storage.S3.Prefix, "/")
	if err := c.check(); err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	if err := c.supported(); err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		where, _ := os.Getwd() // only for the message
		return nil, fmt.Errorf("there is no configuration %s (from %s): give the path of one with --config, or leave that out for config.yaml or, without such a file, the defaults: %w", name, where, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d bytes: that is no configuration", name, maxFile)
	}
	return text, nil
}

// parse applies a YAML text to c. Its errors begin with the line number.
//
// The text is read twice. The errors of goccy/go-yaml name neither the full
// key nor, for durations, the line, so the tree is compared with Config first.
func parse(text []byte, c *Config) error {
	for n, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return fmt.Errorf("%d: the line is not UTF-8: save the file as UTF-8", n+1)
		}
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		if line := tabbed(text); line > 0 {
			return fmt.Errorf("%d: a tab indents this line; YAML takes spaces only", line)
		}
		return yamlError(err)
	}
	if err := walkFile(file); err != nil {
		return err
	}
	next := *c
	err = yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&next)
	if errors.Is(err, io.EOF) { // a text without any key, for which next is emptied
		return nil
	}
	if err != nil {
		return yamlError(err)
	}
	*c = next
	return nil
}

// tabbed gives the first line that is indented with a tab, 0 if there is none. If a
// text is not valid YAML, that line is the cause, whatever the parser says.
func tabbed(text []byte) int {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		body := bytes.TrimLeft(line, " \t")
		if indent := line[:len(line)-len(body)]; bytes.ContainsRune(indent, '\t') && len(bytes.TrimSpace(body)) > 0 && body[0] != '#' {
			return n
		}
	}
	return 0
}

// yamlError turns goccy's error of several lines into one line.
func yamlError(err error) error {
	if e := yaml.Error(nil); errors.As(err, &e) && e.GetToken() != nil {
		return fmt.Errorf("%d: %s", e.GetToken().Position.Line, oneLine(e.GetMessage()))
	}
	return fmt.Errorf("1: %s", oneLine(err.Error()))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
