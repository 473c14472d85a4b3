package banner

import (
	"os"
	"strings"
)

// Command is how another command finds what a server has.
type Command struct {
	Config  string // the file of the configuration; "": the usual one
	DataDir string // where another command would not look for it; "": it would
}

// Line is the command line for some words.
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

// shellWord is a word as a shell reads it.
func shellWord(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("/._-+:,@", r) && (r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z')
	}) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}
