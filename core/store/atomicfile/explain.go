package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// Explain wraps the error of writing a file with what was being done and, for
// the causes that users meet, with what to do. A nil error stays nil, and one
// that was explained before stays as it is.
func Explain(doing string, err error) error { return explain(doing, err) }

// DiskFull reports whether err is that of a disk without room, or of a user
// whose share of it is used up.
func DiskFull(err error) bool { return diskFull(err) }

// explained is an error whose text is complete.
type explained struct {
	text  string
	cause error
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.cause }

func explain(doing string, err error) error {
	var before *explained
	if err == nil || errors.As(err, &before) {
		return err
	}
	text := fmt.Sprintf("%s: %v", doing, pathless(err))
	if why := advice(err); why != "" {
		text = doing + ": " + why
	}
	return &explained{text, err}
}

// advice names a cause that users meet and what to do, "" for any other.
func advice(err error) string {
	switch {
	case diskFull(err):
		return "the disk is full; free some space or choose another folder"
	case errors.Is(err, syscall.EROFS):
		return "the disk is read-only; choose another folder"
	case errors.Is(err, fs.ErrPermission):
		return "no permission to write there; choose another folder"
	case errors.Is(err, fs.ErrNotExist):
		return "the folder does not exist; create it first"
	}
	return ""
}

// pathless leaves out the names that os errors repeat: they are those of
// temporary files, which nobody knows.
func pathless(err error) error {
	switch e := err.(type) { //nolint:errorlint // only the outermost: a wrapping says more
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}
