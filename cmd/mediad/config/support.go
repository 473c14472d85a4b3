package config

import "fmt"

// supported refuses what config.yaml can say and this version cannot do:
// ignoring it would let an operator believe that it holds.
func (c Config) supported() error {
	for _, k := range []struct {
		key string
		set bool
	}{
		{"cluster.nats_url", c.Cluster.NATSURL != ""},
		{"cluster.node_url", c.Cluster.NodeURL != ""},
	} {
		if k.set {
			return fmt.Errorf("%s is not supported yet by this version; leave it out", k.key)
		}
	}
	return nil
}
