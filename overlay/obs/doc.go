// Package obs answers OBS Studio, which asks how to encode before it goes on air.
//
// With "multitrack video", OBS asks a server for a configuration (GetClientConfiguration,
// schema 2025-01-25), and then sends pictures of several sizes from one graphics card. What
// OBS tells of itself, and a room's ladder, flow in; the configuration flows out. The same
// configuration can be pasted into OBS. Nothing here reads a request or a clock.
package obs
