package kit

import "github.com/dustin/go-humanize"

// Bytes writes a size for people, "8.3 kB" or "12 MB": in the unit that suits it,
// so that what is small is not told to be nothing. What is below zero is not known
// and written as 0 B.
func Bytes(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }
