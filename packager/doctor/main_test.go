package doctor_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// Shows wait far more than they work, so many run beside each other, however
// few processors there are.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "10"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}
