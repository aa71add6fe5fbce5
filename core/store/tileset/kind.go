package tileset

import (
	"context"
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

// Kind describes tile files to the child process that checks them.
func Kind() boltfile.Kind {
	return boltfile.Kind{
		Word: "tiles", Noun: "tile file", Version: format, Advice: "build the tiles again",
		Damaged: ErrDamaged, Newer: ErrNewer, Busy: ErrBusy, Check: CheckFile,
	}
}

// Verifier checks tile files in a child process, which a damaged file may
// crash or hang instead of the program.
type Verifier boltfile.Verifier

// Open is Verify and then Open.
func (v Verifier) Open(ctx context.Context, path string) (*Tileset, error) {
	if err := v.Verify(ctx, path); err != nil {
		return nil, err
	}
	return Open(path)
}

// Verify returns nil if the file is sound: at once if it has not changed since
// this program wrote or checked it, else after a check in a child process.
// Errors: ErrDamaged, ErrNewer, ErrBusy, those of the file system and of
// starting the child, and ctx's.
func (v Verifier) Verify(ctx context.Context, path string) error {
	return boltfile.Verifier(v).Verify(ctx, Kind(), path)
}

// VerifyInChild checks the file in a child process, whatever is known of it.
func (v Verifier) VerifyInChild(ctx context.Context, path string) error {
	return boltfile.Verifier(v).VerifyInChild(ctx, Kind(), path)
}

// guard turns a crash of the database library on a damaged page into an error.
func guard(path string, fn func() error) error { return Kind().Guard(path, fn) }

func damaged(path string, err error) error {
	return fmt.Errorf("read tile file %s: %w; build the tiles again", path, err)
}
