package loadtest

import (
	"bufio"
	"context"
	"errors"
)

func crowdProcess(context.Context, *bufio.Reader) error { return errors.New("todo") }
func bareProcess(context.Context, *bufio.Reader) error  { return errors.New("todo") }
