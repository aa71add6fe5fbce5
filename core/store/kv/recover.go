package kv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

// ErrMissing: the database is not there although its backup is.
var ErrMissing = errors.New("the database is missing, but its backup is there")

// UnusableError is a database that was not opened, and has not been changed:
// it is damaged, newer or missing. Restore and SetAside are the ways on.
type UnusableError struct {
	Path string
	// Err says what is wrong and where. It wraps ErrDamaged, ErrNewer or
	// ErrMissing.
	Err error
	// Backup is when the sound backup of BackupPath was made, zero if there is
	// none; BackupErr is then why, nil if there never was one.
	Backup    time.Time
	BackupErr error
}

func (e *UnusableError) Error() string {
	if e.Backup.IsZero() {
		return fmt.Sprintf("%v (there is no sound backup)", e.Err)
	}
	return fmt.Sprintf("%v (there is a sound backup of %s)", e.Err, e.Backup.Format("2 January 2006, 15:04:05"))
}

// Unwrap returns what is wrong.
func (e *UnusableError) Unwrap() error { return e.Err }

// Open is Ready and then Open.
func (v Verifier) Open(ctx context.Context, path string, s Schema, o Options) (*DB, error) {
	if err := v.Ready(ctx, path, s); err != nil {
		return nil, err
	}
	return Open(path, s, o)
}

// Ready makes sure that the database at path can be opened with a schema, of
// which only name and version matter: that it is sound and not newer. One that
// is not there, and has no backup, can be. Nothing is changed. Errors: an
// *UnusableError, which says whether there is a backup, and those that are not
// about the content: ErrBusy, those of the file system and of the child.
func (v Verifier) Ready(ctx context.Context, path string, s Schema) error {
	err := v.sound(ctx, path)
	if err == nil && !missing(path) {
		err = opens(path, s)
	}
	if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) && !errors.Is(err, ErrMissing) {
		return err
	}
	u := &UnusableError{Path: path, Err: err}
	u.Backup, u.BackupErr = v.backup(ctx, path, s)
	return u
}

// sound verifies a file that may be new.
func (v Verifier) sound(ctx context.Context, path string) error {
	if !missing(path) {
		return v.Verify(ctx, path)
	}
	if missing(BackupPath(path)) {
		return nil
	}
	return fmt.Errorf("open %s: %w", path, ErrMissing)
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// backup returns when the backup was made, zero if there is none that can be
// opened.
func (v Verifier) backup(ctx context.Context, path string, s Schema) (time.Time, error) {
	b := BackupPath(path)
	info, err := os.Stat(b)
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err == nil {
		err = v.Verify(ctx, b)
	}
	if err == nil {
		err = opens(b, s)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("look at the backup: %w", err)
	}
	return info.ModTime(), nil
}

// opens returns why the schema cannot be had from a sound file, nil if it can,
// if need be after a migration.
func opens(path string, s Schema) error {
	db := &DB{name: s.Name, path: path, schema: s, options: Options{ReadOnly: true}}
	if err := db.openBolt(true); err != nil {
		return err
	}
	err := db.View(func(tx *Tx) error {
		_, err := db.version(tx)
		return err
	})
	return errors.Join(err, db.let())
}

// Restore puts a copy of the backup in the place of the database at path and
// returns under which name the unusable file is kept, "" if there was none.
// The backup must be sound: if it is not, nothing is changed.
func (v Verifier) Restore(ctx context.Context, path string, now time.Time) (kept string, err error) {
	b := BackupPath(path)
	if err := v.Verify(ctx, b); err != nil {
		return "", fmt.Errorf("restore %s: %w", path, err)
	}
	temp, err := copyBeside(b, path)
	if err != nil {
		return "", err
	}
	if kept, err = setAside(path, ".damaged-", now); err != nil {
		return "", errors.Join(err, os.Remove(temp))
	}
	if err := atomicfile.ReplacePrivate(temp, path); err != nil {
		return kept, err
	}
	_ = Kind().MarkClean(path, path) // without it a check takes longer, that is all
	return kept, nil
}

// SetAside makes way for an empty database at path. It keeps the file that is
// there, and its backup, which the new database would overwrite, under other
// names, and returns them.
func SetAside(path string, now time.Time) (kept []string, err error) {
	for _, f := range []struct{ path, as string }{{path, ".damaged-"}, {BackupPath(path), "-"}} {
		name, err := setAside(f.path, f.as, now)
		if err != nil {
			return kept, err
		}
		if name != "" {
			kept = append(kept, name)
		}
	}
	return kept, nil
}

// setAside renames a file and returns its new name, "" if it is not there.
func setAside(path, as string, now time.Time) (string, error) {
	if missing(path) {
		return "", nil
	}
	stamped := path + as + now.UTC().Format("20060102-150405")
	name := stamped
	for n := 2; !missing(name); n++ {
		name = fmt.Sprintf("%s-%d", stamped, n)
	}
	if err := boltfile.Unmark(path); err != nil {
		return "", err
	}
	return name, atomicfile.Explain("set aside "+path, os.Rename(path, name))
}

// copyBeside makes a temporary copy of from beside path and returns its name.
func copyBeside(from, path string) (string, error) {
	temp, err := atomicfile.Reserve(path)
	if err != nil {
		return "", err
	}
	if err := copyFile(from, temp); err != nil {
		return "", errors.Join(atomicfile.Explain("restore "+path, err), os.Remove(temp))
	}
	return temp, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
