package entity

import (
	"errors"
	"fmt"
)

// FileStore keeps bulk records of nodes in a file for each, such as tiles.
type FileStore interface {
	// Nodes lists the ids of the nodes that have a file, ascending.
	Nodes() ([]string, error)
	// Size returns how many records (0 if that takes long to know) and bytes a
	// node's file has; no error if there is none.
	Size(node string) (records int, bytes int64, err error)
	// Remove deletes a node's file; no error if there is none.
	Remove(node string) error
}

// Files is a kind of Group × Persistent bulk records: they are in files that
// others read and write, but die with their node like all others.
type Files struct {
	name  string
	store FileStore
}

// NewFiles describes a kind that lives in files.
func NewFiles(name string, store FileStore) *Files { return &Files{name, store} }

// Name is the kind's name for people.
func (f *Files) Name() string { return f.name }

// Class is Group × Persistent.
func (f *Files) Class() Class { return Class{Group, Persistent} }

// Home is NodeFile.
func (f *Files) Home() Home { return NodeFile }

// AutoDelete is never: they are persistent.
func (f *Files) AutoDelete() AutoDelete { return AutoDelete{} }

func (f *Files) validate() error {
	if f.name == "" || f.store == nil {
		return errors.New("register kind of files: it needs a name and a store")
	}
	return nil
}

// remove deletes a node's file unless dry, and says what it held.
func (f *Files) remove(node string, dry bool) (records int, bytes int64, err error) {
	records, bytes, err = f.store.Size(node)
	if err == nil && !dry {
		err = f.store.Remove(node)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("remove %s of node %s: %w", f.name, node, err)
	}
	return records, bytes, nil
}
