// Package atomicfile makes files and folders that appear under their name
// whole or not at all: they are written beside it under a temporary name,
// synced and renamed.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File is a file in the making. Its embedded os.File takes the content.
type File struct {
	*os.File
	target string
	done   bool
}

// Create begins the file that Commit will put at path. Nothing is seen under
// that name before.
func Create(path string) (*File, error) {
	if err := checkFileTarget(path); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), tempPattern(path))
	if err != nil {
		return nil, explain("create "+path, err)
	}
	return &File{File: f, target: path}, nil
}

// Reserve is Create for writers that open files by name: it makes an empty
// temporary file beside path, closed, and returns its name. Give it to Replace
// when it is written, or remove it.
func Reserve(path string) (temp string, err error) {
	f, err := Create(path)
	if err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", errors.Join(explain("create "+path, err), os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// Commit gives the file its name, replacing what was there, and closes it.
// After an error nothing is left of it and the old file is untouched.
func (f *File) Commit() error {
	if f.done {
		return fmt.Errorf("write %s: already finished", f.target)
	}
	f.done = true
	if err := f.Close(); err != nil {
		return errors.Join(explain("write "+f.target, err), os.Remove(f.Name()))
	}
	return Replace(f.Name(), f.target)
}

// Abort removes what was written. After Commit it does nothing, so that it
// can be deferred.
func (f *File) Abort() error {
	if f.done {
		return nil
	}
	f.done = true
	f.Close() // its content is not wanted
	return explain("remove unfinished "+f.Name(), os.Remove(f.Name()))
}

// Replace syncs a finished, closed file and renames it to target, which must
// be on the same disk. After an error temp is removed and the old target
// untouched.
func Replace(temp, target string) error { return replace(temp, target, 0o644) }

// ReplacePrivate is Replace for a file that only its owner may read, unless
// the one it replaces is open to others.
func ReplacePrivate(temp, target string) error { return replace(temp, target, 0o600) }

func replace(temp, target string, fresh fs.FileMode) error {
	err := Sync(temp)
	if err == nil { // temporary files are private: give the rights of an ordinary one
		err = os.Chmod(temp, modeOf(target, fresh))
	}
	if err == nil {
		err = os.Rename(temp, target)
	}
	if err != nil {
		return errors.Join(explain("write "+target, err), os.Remove(temp))
	}
	return explain("write "+target, syncDir(filepath.Dir(target)))
}

// Sync makes the content of a closed file durable.
func Sync(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	return errors.Join(err, f.Close())
}

// modeOf is the mode of what is to be replaced, or what a new one gets.
func modeOf(path string, fresh fs.FileMode) fs.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return fresh
}

func tempPattern(path string) string { return "." + filepath.Base(path) + ".*.tmp" }

func checkFileTarget(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("create %s: a folder has that name; choose another name", path)
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("create %s: not an ordinary file; choose another name", path)
	}
	return nil
}
