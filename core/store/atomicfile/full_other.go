//go:build !unix

package atomicfile

import (
	"errors"
	"syscall"
)

// The codes of Windows for a full disk.
const (
	errorHandleDiskFull = syscall.Errno(39)
	errorDiskFull       = syscall.Errno(112)
)

// diskFull reports whether there was no room on the disk.
func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, errorHandleDiskFull) || errors.Is(err, errorDiskFull)
}
