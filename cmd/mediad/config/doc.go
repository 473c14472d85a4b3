// Package config reads the configuration: it lays config.yaml over the defaults, lets
// variables of the environment override single keys, and judges the result. A value that
// cannot be meant is an error of one line in the user's words, with the line of the file
// or the key. No error shows a secret.
package config
