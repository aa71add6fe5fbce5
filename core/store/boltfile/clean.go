package boltfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// cleanSuffix names the small file beside a file that says in which state it
// was last known to be sound.
const cleanSuffix = ".clean"

// Mark returns the name of the mark of the file at path.
func Mark(path string) string { return path + cleanSuffix }

// cleanState is what must still be true of a file that was sound.
func (k Kind) cleanState(file string) (string, error) {
	info, err := k.stat(file)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("shapes %s %d, %d bytes, %d\n", k.Noun, k.Version, info.Size(), info.ModTime().UnixNano()), nil
}

// IsClean reports whether the file is as it was when last written or checked.
func (k Kind) IsClean(path string) bool {
	now, err := k.cleanState(path)
	if err != nil {
		return false
	}
	then, err := os.ReadFile(Mark(path))
	return err == nil && string(then) == now
}

// MarkClean notes that what path names, or will name once file is renamed, is
// sound as file is now.
func (k Kind) MarkClean(path, file string) error {
	now, err := k.cleanState(file)
	if err != nil {
		return err
	}
	f, err := atomicfile.Create(Mark(path))
	if err != nil {
		return err
	}
	if _, err := strings.NewReader(now).WriteTo(f); err != nil {
		return errors.Join(atomicfile.Explain("write "+Mark(path), err), f.Abort())
	}
	return f.Commit()
}

// Unmark removes the mark, before the file is changed in place. A change soon
// after may leave size and time as they were.
func Unmark(path string) error {
	if err := os.Remove(Mark(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return atomicfile.Explain("remove "+Mark(path), err)
	}
	return nil
}

// Remove deletes the file at path, its mark and what was left of unfinished
// writing. What is not there is no error.
func Remove(path string) error {
	left, err := atomicfile.Leftovers(path)
	errs := []error{err}
	for _, p := range append([]string{path, Mark(path)}, left...) {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("remove: %w", err))
		}
	}
	return errors.Join(errs...)
}
