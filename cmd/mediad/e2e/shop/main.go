// Command shop runs the test shop as Stripe, for end-to-end tests, until it is killed.
package main

import (
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"mediad/cmd/mediad/testshop"
)

func main() {
	o := testshop.Options{Dialect: testshop.Stripe, Retry: time.Second}
	at := flag.String("listen", "", "address")
	flag.StringVar(&o.Hook, "hook", "", "where webhooks go")
	flag.StringVar(&o.Secret, "secret", "", "what they are signed with")
	flag.StringVar(&o.APIKey, "key", "", "the key of the interface")
	flag.Parse()
	if err := run(*at, o); err != nil {
		slog.Error("The shop cannot run", "err", err)
		os.Exit(1)
	}
}

func run(at string, o testshop.Options) error {
	listener, err := net.Listen("tcp", at)
	if err != nil {
		return err
	}
	o.Base = "http://" + listener.Addr().String()
	shop, err := testshop.New(o)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return (&http.Server{Handler: shop.Handler(), ReadHeaderTimeout: 10 * time.Second}).Serve(listener)
}
