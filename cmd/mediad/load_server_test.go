package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
)

// loadServer is mediad itself, with the given arguments.
func loadServer(args []string) error {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { untilStdinEnds(); cancel() }()
	runtime.MemProfileRate = 0 // as in the program itself, where the linker leaves it out
	if name := os.Getenv(profileVar); name != "" {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if code := run(ctx, args, nil, io.Discard, os.Stderr); code != exitOK {
		return fmt.Errorf("exit code %d", code)
	}
	return nil
}

// Everything that a server sends: S0, S1 and S2, and the answers to connect,
// createStream and publish for which an encoder waits.
var (
	sinkConnected = command("_result", 1, nil, object{"code", "NetConnection.Connect.Success"})
	sinkCreated   = command("_result", 2, nil, 1.)
	sinkPublished = command("onStatus", 0, nil, object{"level", "status", "code", "NetStream.Publish.Start"})
)

// loadSink is the reference: a server that reads RTMP and copies it, and does
// nothing else. Its argument is the address to listen on.
func loadSink(args []string) error {
	l, err := net.Listen("tcp", args[0])
	if err != nil {
		return err
	}
	go func() { untilStdinEnds(); _ = l.Close() }()
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		go swallow(c)
	}
}

// swallow sends one encoder the answers that it waits for, and then reads and
// copies.
func swallow(c net.Conn) {
	defer c.Close()
	in, kept := make([]byte, 64<<10), make([]byte, 64<<10)
	if _, err := io.ReadFull(c, in[:1537]); err != nil {
		return
	}
	shake := append([]byte{3}, in[1:1537]...)
	_, _ = c.Write(append(shake, in[1:1537]...))
	steps := []struct {
		ask    string
		answer []byte
	}{{"connect", sinkConnected}, {"createStream", sinkCreated}, {"publish", sinkPublished}}
	for {
		n, err := c.Read(in)
		if err != nil {
			return
		}
		copy(kept, in[:n])
		for len(steps) > 0 && bytes.Contains(in[:n], []byte(steps[0].ask)) {
			_, _ = c.Write(steps[0].answer)
			steps = steps[1:]
		}
	}
}
