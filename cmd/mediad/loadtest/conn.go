package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// conn is one keep-alive HTTP/1.1 connection. The client of net/http would use
// more CPU than the server that is measured.
type conn struct {
	host string
	c    net.Conn
	br   *bufio.Reader
	req  []byte
	body []byte // of the last answer; the next get takes it
}

// dial connects; no request outlives the deadline of ctx.
func dial(ctx context.Context, host string) (*conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	end, _ := ctx.Deadline()
	if err := c.SetDeadline(end); err != nil {
		return nil, err
	}
	return &conn{host: host, c: c, br: bufio.NewReaderSize(c, 1024)}, nil
}

// get gives the body of an answer with status 200; any other answer is an
// error. The body is valid until the next call.
func (c *conn) get(path string) ([]byte, error) {
	if err := c.ask(path); err != nil {
		return nil, err
	}
	return c.answer()
}

func (c *conn) ask(path string) error {
	c.req = append(append(c.req[:0], "GET "...), path...)
	c.req = append(append(c.req, " HTTP/1.1\r\nHost: "...), c.host...)
	c.req = append(c.req, "\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\nAccept-Language: en\r\nReferer: http://localhost/\r\n\r\n"...)
	_, err := c.c.Write(c.req)
	return err
}

var errLength = errors.New("an answer without Content-Length")

func (c *conn) answer() ([]byte, error) {
	line, err := c.br.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return nil, errors.New("not HTTP/1.1")
	}
	status, length := string(line[9:12]), -1
	for {
		if line, err = c.br.ReadSlice('\n'); err != nil {
			return nil, err
		}
		if len(line) <= 2 {
			break
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(v)))
		}
	}
	if length < 0 {
		return nil, errLength
	}
	if cap(c.body) < length {
		c.body = make([]byte, length+length/4)
	}
	c.body = c.body[:length]
	if _, err := io.ReadFull(c.br, c.body); err != nil {
		return nil, err
	}
	if status != "200" {
		return nil, fmt.Errorf("status %s: %s", status, c.body)
	}
	return c.body, nil
}

func (c *conn) close() { c.c.Close() }

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
