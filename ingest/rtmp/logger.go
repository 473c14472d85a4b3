package rtmp

import (
	"io"
	"strings"

	"github.com/sirupsen/logrus"
)

// newLogger makes go-rtmp's logger. Below Error, go-rtmp logs stream keys and whole
// messages, so only errors are logged. Each goes to report as one line.
func newLogger(report func(line string)) *logrus.Logger {
	l := logrus.New()
	l.SetOutput(io.Discard)
	l.SetLevel(logrus.ErrorLevel)
	l.AddHook(errorHook(report))
	return l
}

type errorHook func(line string)

// Levels says that the hook wants errors.
func (errorHook) Levels() []logrus.Level { return []logrus.Level{logrus.ErrorLevel} }

// Fire passes an entry's first line on; stack traces follow it.
func (h errorHook) Fire(e *logrus.Entry) error {
	line, _, _ := strings.Cut(e.Message, "\n")
	h(line)
	return nil
}
