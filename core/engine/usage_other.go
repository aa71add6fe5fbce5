//go:build !unix

package engine

import "runtime"

// cpuSeconds is not known on this system.
func cpuSeconds() float64 { return 0 }

// peakRSS returns what the Go runtime has taken from the system (bytes), which
// is the better part of the process there.
func peakRSS() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
