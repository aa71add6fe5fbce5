package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Explain wraps the error of writing a file with what was being done and, for
// the causes that users meet, with what to do. A nil error stays nil.
func Explain(doing string, err error) error { return explain(doing, err) }

func explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%s: the disk is full; free some space or choose another folder: %w", doing, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%s: the folder is read-only; choose another folder: %w", doing, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: no permission to write there; choose another folder: %w", doing, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: the folder does not exist; create it first: %w", doing, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
