package api

import "mediad/overlay"

// namer gives the names of organisations, each asked for once.
func namer() func(org string, ask func() (string, error)) (string, error) {
	names := map[string]string{}
	return func(org string, ask func() (string, error)) (name string, err error) {
		if name, known := names[org]; known {
			return name, nil
		}
		if names[org], err = ask(); overlay.CodeOf(err) == overlay.NotFound {
			err = nil // what it was asked about went a moment ago
		}
		return names[org], err
	}
}
