package archive

import (
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// sequence checks what every Writer asks of the tiles it is given, and keeps
// the first failure: after it a writer takes nothing more.
type sequence struct {
	next  uint64 // the lowest number that may come
	count int
	err   error
	done  bool
}

func (s *sequence) check(id tile.ID, gz []byte) error {
	if err := s.usable(); err != nil {
		return err
	}
	h := id.Hilbert()
	switch {
	case !id.Valid():
		return s.fail(fmt.Errorf("write tile %v: no such address", id))
	case !isGzip(gz):
		return s.fail(fmt.Errorf("write tile %v: it is not gzipped", id))
	case h < s.next:
		return s.fail(fmt.Errorf("write tile %v: it comes after a later one; sort by Hilbert number", id))
	}
	s.next = h + 1
	s.count++
	return nil
}

func (s *sequence) usable() error {
	if s.err != nil {
		return s.err
	}
	if s.done {
		return errors.New("write tiles: the archive is already finished")
	}
	return nil
}

// ready reports whether the archive can be finished.
func (s *sequence) ready() error {
	if err := s.usable(); err != nil {
		return err
	}
	if s.count == 0 {
		return s.fail(errors.New("write tiles: there are none"))
	}
	return nil
}

func (s *sequence) fail(err error) error {
	if s.err == nil {
		s.err = err
	}
	return err
}
