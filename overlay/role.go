package overlay

// Role is what a token or a signed-in person may do.
type Role string

// Owner may do everything. It is the only role of this version.
const Owner Role = "owner"
