package engine

import "golang.org/x/sys/unix"

// totalMemory returns the machine's memory in bytes.
func totalMemory() int64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return assumedMemory
	}
	return int64(info.Totalram) * int64(info.Unit)
}
