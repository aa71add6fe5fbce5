package entity

import (
	"errors"
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Spec is what the lifecycle needs to know of a kind of record.
type Spec[T any] struct {
	// Name for people and reports: the original's, such as "BatchBuffer".
	Name  string
	Class Class
	// Bulk: stage outputs, too many for a shared database. Group × Ephemeral
	// only; see NewFiles for Group × Persistent.
	Bulk bool

	// Node returns the id of the node that the record belongs to. Needed by
	// Peer and Group, unless they are Bulk or belong to a session, whose node
	// is theirs.
	Node func(*T) string
	// ByNode names the index that finds records by Key.Str(node) and nothing
	// more; "": the table's key begins so. Of Shared records: by each node that refers.
	ByNode string

	// Session returns the id of the session that the record belongs to; nil if
	// it belongs to none, or is Bulk.
	Session func(*T) string
	// BySession is ByNode for sessions.
	BySession string
	// Active, of the one kind that is the session itself: whether it is pending,
	// running or paused. The key of such a record is Key.Str(session).
	Active func(*T) bool

	// Ahead reports that the record may be there before its node is, as the
	// working copy of a node to be; nil: never.
	Ahead func(*T) bool
	// Held keeps a record from going idle, as a draft does; nil: never.
	Held func(*T) bool

	AutoDelete AutoDelete
	// Accessed is the last access, which idleness runs from; nil: the record
	// idles with its session.
	Accessed func(*T) time.Time
	// Stamp writes times into a record that is created or touched; nil: it has
	// none.
	Stamp func(*T, Stamp)

	// Shared shows what is shared, of Relational × Persistent.
	Shared func(*T) Shared
	// ByHash names the index that finds records by Key.Str(content hash); "": the
	// hash is the key.
	ByHash string

	// Users shows who uses a session; nil: not kept.
	Users func(*T) Users
}

// Stamp is the times that a record gets from its class.
type Stamp struct {
	Now time.Time
	// Expires is when it is idle for too long; zero: never.
	Expires time.Time
	// Created: the record is new.
	Created bool
}

// Kind is a kind of record, registered with a Manager. It is a description and
// holds no data: safe for concurrent use.
type Kind[T any] struct {
	// Table for queries, and for changes that do not touch the record's life.
	Table *kv.Table[T]
	spec  Spec[T]
}

// NewKind describes a kind. Open tells what is wrong with it, if anything.
func NewKind[T any](table *kv.Table[T], spec Spec[T]) *Kind[T] {
	return &Kind[T]{table, spec}
}

// Registered is a kind of any type of record: a *Kind or *Files.
type Registered interface {
	// Name is the kind's name for people.
	Name() string
	// Class is what decides on its life.
	Class() Class
	// Home is where its records live.
	Home() Home
	// AutoDelete is when its records are deleted without being told.
	AutoDelete() AutoDelete

	validate() error
}

// Name is the kind's name for people.
func (k *Kind[T]) Name() string { return k.spec.Name }

// Class is what decides on its life.
func (k *Kind[T]) Class() Class { return k.spec.Class }

// Home is where its records live.
func (k *Kind[T]) Home() Home { return k.spec.Class.Home(k.spec.Bulk) }

// AutoDelete is when its records are deleted without being told.
func (k *Kind[T]) AutoDelete() AutoDelete { return k.spec.AutoDelete }

func (k *Kind[T]) validate() error {
	s := &k.spec
	var problem string
	switch c := s.Class; {
	case s.Name == "" || k.Table == nil:
		problem = "it needs a name and a table"
	case c.Cardinality < Peer || c.Cardinality > Relational || c.Lifetime < Persistent || c.Lifetime > Ephemeral:
		problem = "there is no class " + c.String()
	case s.Bulk && (c != Class{Group, Ephemeral}):
		problem = "only Group × Ephemeral may be bulk, not " + c.String()
	case !s.Bulk && c.Cardinality != Relational && s.Node == nil && s.Session == nil:
		problem = c.String() + " needs Node or Session"
	case (c == Class{Relational, Persistent}) && (s.Shared == nil || s.ByNode == ""):
		problem = c.String() + " needs Shared and ByNode"
	case (c == Class{Relational, Ephemeral}) && s.Session == nil:
		problem = c.String() + " needs Session"
	case c.Lifetime == Persistent && ((s.AutoDelete != AutoDelete{}) || s.Session != nil):
		problem = "what is persistent belongs to no session and is not deleted automatically"
	case s.Active != nil && (s.Session == nil || s.Node == nil):
		problem = "the kind of sessions needs Session and Node"
	case s.Users != nil && s.Active == nil:
		problem = "only sessions have users"
	}
	if problem != "" {
		return fmt.Errorf("register kind %q: %s", s.Name, problem)
	}
	return errors.Join(k.needIndex(s.ByNode), k.needIndex(s.BySession), k.needIndex(s.ByHash))
}

func (k *Kind[T]) needIndex(name string) error {
	if name == "" {
		return nil
	}
	for _, ix := range k.Table.Indexes {
		if ix.Name == name {
			return nil
		}
	}
	return fmt.Errorf("register kind %q: table %s has no index %q", k.spec.Name, k.Table.Name, name)
}

// stamp gives v the times of its class.
func (k *Kind[T]) stamp(v *T, now time.Time, created bool) {
	if k.spec.Stamp == nil {
		return
	}
	st := Stamp{Now: now, Created: created}
	if idle := k.spec.AutoDelete.MaxIdle; idle > 0 {
		st.Expires = now.Add(idle)
	}
	k.spec.Stamp(v, st)
}
