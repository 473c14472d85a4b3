// Package loadtest is the audience that the server is measured with: many
// players that follow a low-latency playlist as hls.js does, cheap enough that
// one core of them can wear out one core of server.
//
// URLs flow in, numbers flow out. It decodes nothing and plays nothing: whether
// players can is the end-to-end tests' matter. Its own tests run the real
// server beside a bare net/http server that hands out ready bytes, each in a
// process of its own (docs/benchmarks.md, "Delivery").
package loadtest
