package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// The databases of a data directory.
const (
	coreFile      = "core.db"
	ephemeralFile = "ephemeral.db"
)

// Unusable is a data directory whose core database is damaged, missing, or of
// a newer version of the program. Nothing in it was changed; Rescue is the way
// on.
type Unusable struct {
	*kv.UnusableError
	Dir string
}

// Newer reports that nothing is damaged: a newer version of the program has
// written the database.
func (u *Unusable) Newer() bool { return errors.Is(u.Err, kv.ErrNewer) }

// Missing reports that the database is not there although its backup is.
func (u *Unusable) Missing() bool { return errors.Is(u.Err, kv.ErrMissing) }

// check looks at the databases before they are opened. The core database is
// never opened in place if it is not sound. Of the ephemeral one, a damaged
// file is set aside: what was half-done is lost to the program then, and
// nothing that was finished.
func (e *Engine) check(ctx context.Context) error {
	v := kv.Verifier{Exe: e.exe}
	err := v.Ready(ctx, filepath.Join(e.dir, coreFile), named(coreSchema(), coreFile))
	var u *kv.UnusableError
	if errors.As(err, &u) {
		return &Unusable{u, e.dir}
	}
	if err != nil {
		return err
	}
	path := filepath.Join(e.dir, ephemeralFile)
	err = v.Ready(ctx, path, named(ephemeralSchema(), ephemeralFile))
	if !errors.As(err, &u) {
		return err
	}
	if errors.Is(err, kv.ErrNewer) {
		return fmt.Errorf("%w; nothing was changed. Only unfinished work is in this file: if you can do without it, move the file elsewhere", u.Err)
	}
	kept, err := kv.SetAside(path, e.now())
	if err != nil {
		return err
	}
	// What the store advises is done here already.
	why := strings.ReplaceAll(u.Err.Error(), "; "+kv.Kind().Advice, "")
	e.found.Damaged = append(e.found.Damaged, fmt.Sprintf(
		"The database of unfinished work was damaged (%s). Open edits, drafts and sessions of the last time are not there any more; finished shapes and tiles are. The damaged file is kept as %s.",
		why, filepath.Base(kept[0])))
	e.log.Error("ephemeral database set aside", "error", u.Err, "kept", kept)
	return nil
}

// named gives a schema the name that the manager's databases have.
func named(s kv.Schema, name string) kv.Schema {
	s.Name = name
	return s
}

// Way says how to go on with an unusable core database.
type Way string

// The ways.
const (
	// FromBackup takes the backup of the last clean end.
	FromBackup Way = "backup"
	// Empty begins with an empty tree. Tiles and backup are kept under other
	// names.
	Empty Way = "empty"
)

// rescuedMark is the file that says that the core database is an older one, or
// a new one: tiles of nodes that it does not know are set aside at the start,
// not deleted.
const rescuedMark = "rescued"

func markRescued(dir string) error {
	f, err := atomicfile.Create(filepath.Join(dir, rescuedMark))
	if err != nil {
		return err
	}
	return errors.Join(f.Commit(), f.Abort())
}

// ErrSound: there is nothing to rescue.
var ErrSound = errors.New("it is sound and can be opened as it is")

// Rescue makes a data directory usable whose core database is not, and says
// under which names the files are kept that gave way. Open comes next. ErrSound
// if it is usable: a backup is older than what it would replace.
func Rescue(ctx context.Context, dataDir string, way Way) (kept []string, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program to check files with: %w", err)
	}
	path := filepath.Join(dataDir, coreFile)
	if err := unsound(ctx, dataDir, exe); err != nil {
		return nil, fmt.Errorf("%s: %w; nothing was changed", path, err)
	}
	lock, err := own(dataDir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	now := time.Now()
	switch way {
	case FromBackup:
		// Marked before: an end between the two must not cost tiles.
		if err := markRescued(dataDir); err != nil {
			return nil, err
		}
		name, err := kv.Verifier{Exe: exe}.Restore(ctx, path, now)
		if name != "" {
			kept = append(kept, name)
		}
		return kept, err
	case Empty:
		if kept, err = kv.SetAside(path, now); err != nil {
			return kept, err
		}
		tiles, aside := filepath.Join(dataDir, "tiles"), filepath.Join(dataDir, "tiles-"+now.UTC().Format("20060102-150405"))
		if err := os.Rename(tiles, aside); err == nil { // no node has them now, and sweeping would delete them
			kept = append(kept, aside)
		} else if !errors.Is(err, os.ErrNotExist) {
			return kept, fmt.Errorf("set the tiles aside: %w", err)
		}
		return kept, nil
	}
	return nil, fmt.Errorf("way %q: must be %s or %s: %w", way, FromBackup, Empty, ErrUsage)
}

// unsound returns an ErrSound if the core database is sound to its last entry
// and opens.
func unsound(ctx context.Context, dataDir, exe string) error {
	path := filepath.Join(dataDir, coreFile)
	if _, err := os.Stat(path); err != nil {
		return nil // missing is reason enough
	}
	if err := (kv.Verifier{Exe: exe}).VerifyInChild(ctx, path); err != nil {
		return nil
	}
	e, err := Open(ctx, dataDir, slog.New(slog.DiscardHandler))
	var u *Unusable
	switch {
	case err == nil:
		return errors.Join(ErrSound, e.Close())
	case errors.Is(err, kv.ErrNewer) && !errors.As(err, &u):
		return err // the other database is: the core one must not give way for that
	}
	return nil // whoever has it, or whatever is wrong
}
