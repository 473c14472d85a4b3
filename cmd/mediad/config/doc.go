// Package config reads the configuration: it applies config.yaml to the defaults, lets
// environment variables override single keys, and checks the result. A value that makes
// no sense is an error of one line in the user's words, with the line of the file or the
// key. No error shows a secret.
package config
