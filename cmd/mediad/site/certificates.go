package site

import "log/slog"

// Certificates are those of several ports, by section of the configuration. They come
// from files.
type Certificates map[string]*Certificate

// ReadAgain reads the files of all certificates again, with their present names, and tells
// whether all are valid. A section without files is left alone.
func (all Certificates) ReadAgain(files map[string][2]string, log *slog.Logger) (ok bool) {
	ok = true
	for section, names := range files {
		cert := all[section]
		if cert == nil {
			continue
		}
		if names[0] == "" {
			log.Warn("needs a restart: "+section+".tls.cert", "key", section+".tls.cert")
			continue
		}
		if err := cert.Use(names[0], names[1]); err != nil {
			log.Error("the new certificate cannot be used; the old one stays in use", "key", section+".tls", "err", err)
			ok = false
		}
	}
	return ok
}
