package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder is a folder in the making.
type Folder struct {
	temp   string
	target string
	mine   func(dir string) (bool, error)
	done   bool
}

// CreateFolder begins the folder that Commit will put at path. A folder that
// is there already is replaced only if it is empty or mine says that it is one
// of ours; anything else is refused now and again at Commit, and never
// deleted.
func CreateFolder(path string, mine func(dir string) (bool, error)) (*Folder, error) {
	path = filepath.Clean(path)
	f := &Folder{target: path, mine: mine}
	if _, err := f.replaceable(); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(filepath.Dir(path), tempPattern(path))
	if err != nil {
		return nil, explain("create "+path, err)
	}
	f.temp = temp
	return f, nil
}

// Path is where the content goes until Commit.
func (f *Folder) Path() string { return f.temp }

// Target is the name that Commit gives.
func (f *Folder) Target() string { return f.target }

// Commit gives the folder its name. After an error nothing is left of it and
// the old folder is back in place.
//
// Two renames are needed where a folder is replaced: a power cut between them
// leaves the old one beside under a temporary name, never a mixture.
func (f *Folder) Commit() error {
	if f.done {
		return fmt.Errorf("write %s: already finished", f.target)
	}
	f.done = true
	err := f.swap()
	if err != nil {
		return errors.Join(err, os.RemoveAll(f.temp))
	}
	return explain("write "+f.target, syncDir(filepath.Dir(f.target)))
}

func (f *Folder) swap() error {
	if err := os.Chmod(f.temp, modeOf(f.target, 0o755)); err != nil {
		return explain("write "+f.target, err)
	}
	if err := syncDir(f.temp); err != nil {
		return explain("write "+f.target, err)
	}
	exists, err := f.replaceable()
	if err != nil {
		return err
	}
	if !exists {
		return explain("rename to "+f.target, os.Rename(f.temp, f.target))
	}
	old := f.temp + ".old"
	if err := os.Rename(f.target, old); err != nil {
		return explain("replace "+f.target, err)
	}
	if err := os.Rename(f.temp, f.target); err != nil {
		return errors.Join(explain("rename to "+f.target, err), os.Rename(old, f.target))
	}
	return explain("remove the replaced folder "+old, os.RemoveAll(old))
}

// Abort removes what was written. After Commit it does nothing, so that it
// can be deferred.
func (f *Folder) Abort() error {
	if f.done {
		return nil
	}
	f.done = true
	return explain("remove unfinished "+f.temp, os.RemoveAll(f.temp))
}

// replaceable reports whether something stands at the target, or why it may
// not be replaced.
func (f *Folder) replaceable() (exists bool, err error) {
	info, err := os.Lstat(f.target)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, explain("create "+f.target, err)
	}
	if !info.IsDir() {
		return false, fmt.Errorf("create %s: a file has that name; choose another name", f.target)
	}
	entries, err := os.ReadDir(f.target)
	if err != nil {
		return false, explain("create "+f.target, err)
	}
	if len(entries) == 0 {
		return true, nil
	}
	ok, err := f.mine(f.target)
	if err != nil {
		return false, explain("create "+f.target, err)
	}
	if !ok {
		return false, fmt.Errorf("create %s: the folder holds other files, which are left alone; choose another name or an empty folder", f.target)
	}
	return true, nil
}
