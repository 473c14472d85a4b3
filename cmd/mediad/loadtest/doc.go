// Package loadtest simulates the audience for measurements of the server: many
// players that follow a low-latency playlist as hls.js does. They use so
// little CPU that one core of players can saturate one core of the server.
//
// Input: URLs. Output: numbers. The package decodes nothing and plays nothing:
// the end-to-end tests show whether players can. Its own tests compare the real
// server with a bare net/http server that sends prepared bytes, each in a
// process of its own (docs/benchmarks.md, "Delivery").
package loadtest
