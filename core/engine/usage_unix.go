//go:build unix

package engine

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// cpuSeconds returns the processor time the process has used so far.
func cpuSeconds() float64 {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}

// peakRSS returns the most memory (bytes) the process has held.
func peakRSS() int64 {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(r.Maxrss) // bytes there, KiB elsewhere
	}
	return int64(r.Maxrss) * 1024
}
