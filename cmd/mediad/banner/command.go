package banner

import (
	"os"
	"strings"
)

// Command says how another command finds the configuration and the data of
// this server.
type Command struct {
	Config  string // the file of the configuration; "": the usual one
	DataDir string // set if another command would not find it; "": it would
}

// Line gives the command line for a subcommand and its arguments.
func (c Command) Line(words string) string {
	line := shellWord(os.Args[0]) + " " + words
	if c.Config != "" {
		line += " --config " + shellWord(c.Config)
	}
	if c.DataDir != "" {
		line = "MEDIAD_DATA_DIR=" + shellWord(c.DataDir) + " " + line
	}
	return line
}

// shellWord quotes a word for a shell, where it needs that.
func shellWord(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("/._-+:,@", r) && (r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z')
	}) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}
