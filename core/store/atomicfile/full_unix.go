//go:build unix

package atomicfile

import (
	"errors"
	"syscall"
)

// diskFull reports whether there was no room: on the disk, or in what its
// owner may use of it.
func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
