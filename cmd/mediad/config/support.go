package config

import "fmt"

// supported refuses keys that config.yaml has and this version cannot use. If
// they were ignored, an operator would believe that they work.
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
