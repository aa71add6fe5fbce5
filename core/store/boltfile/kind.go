// Package boltfile keeps a damaged bbolt file from harming the program. The
// library may panic, hang or be ended by a memory fault when pages are not as
// it wrote them, so a file is opened only once its header and, where its past
// is unknown, all of it has been found sound; what still slips through is
// turned into an error. It knows nothing of what the files hold.
package boltfile

import (
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// PageSize of all our files, so that they do not depend on the machine.
const PageSize = 4096

// Kind is a kind of file: how people and the checking child call it, and how
// it is checked. Its errors are told apart with errors.Is.
type Kind struct {
	// Word names the kind on the command line of the child and in the mark.
	Word string
	// Noun is what people call a file of the kind: "tile file".
	Noun string
	// Version of the check. A mark that another version has left does not count.
	Version int
	// Advice is what to do about damage: "build the tiles again".
	Advice string
	// Damaged, Newer and Busy are the errors of a file that is not as it was
	// written, that a later version of the program wrote, or that another
	// process has open.
	Damaged, Newer, Busy error
	// Check reads a file to its last byte. It may hang or end the program if
	// the file is damaged: it runs in the child.
	Check func(path string) error
}

// DamagedError says that the file at path is damaged, how, and what to do.
func (k Kind) DamagedError(path, reason string) error {
	return fmt.Errorf("open %s %s: %w (%s); %s", k.Noun, path, k.Damaged, reason, k.Advice)
}

// OpenError puts in words why bolt.Open could not open the file at path.
func (k Kind) OpenError(path string, err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("open %s %s: %w", k.Noun, path, k.Busy)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return k.DamagedError(path, err.Error())
	}
	return fmt.Errorf("open %s: %w", k.Noun, err)
}

// stat tells a missing file from one that cannot be read.
func (k Kind) stat(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", k.Noun, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open %s %s: not an ordinary file", k.Noun, path)
	}
	return info, nil
}

// CheckPages runs the library's own check of tx and returns its first finding
// with the kind's Damaged, nil if there is none.
func (k Kind) CheckPages(tx *bolt.Tx) error {
	var first error
	for err := range tx.Check() { // to the end, or its goroutine would stay
		if first == nil {
			first = fmt.Errorf("%w: %v", k.Damaged, err)
		}
	}
	return first
}
