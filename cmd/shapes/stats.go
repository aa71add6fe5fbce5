package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// statsFile is the file of --stats in the making. It is begun before the
// build, so that a place where it cannot be written is known before the work.
type statsFile struct{ file *atomicfile.File } // nil if not asked for

func createStats(path string) (statsFile, error) {
	if path == "" {
		return statsFile{}, nil
	}
	f, err := atomicfile.Create(path)
	if err != nil {
		return statsFile{}, fmt.Errorf("write --stats: %w", err)
	}
	return statsFile{f}, nil
}

// write finishes the file; the tiles are at out already.
func (s statsFile) write(stats engine.Stats, out string) error {
	if s.file == nil {
		return nil
	}
	data, err := json.MarshalIndent(stats, "", "  ")
	if err == nil {
		_, err = s.file.Write(append(data, '\n'))
	}
	if err == nil {
		err = s.file.Commit()
	} else {
		err = errors.Join(atomicfile.Explain("write the file", err), s.file.Abort())
	}
	if err != nil {
		return fmt.Errorf("write --stats: %w; the tiles are complete in %s", err, out)
	}
	return nil
}

// abort removes the file unless it was finished.
func (s statsFile) abort() {
	if s.file != nil {
		_ = s.file.Abort() // an empty file beside: the failure that led here is told
	}
}
