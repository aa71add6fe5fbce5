// Package entity decides where a record lives and when it dies, from its class
// alone: 2 × 3 classes, by how records belong to tree nodes and how long they
// last. It chooses the database, keeps expiry, runs the triggers, counts
// references and sweeps. It knows no record's meaning: kinds are registered
// with functions that tell it what it must know.
package entity

import (
	"fmt"
	"time"
)

// Cardinality says how records of a kind belong to tree nodes.
type Cardinality uint8

// The cardinalities.
const (
	// Peer: exactly one for a node, made and removed with it.
	Peer Cardinality = iota + 1
	// Group: many for a node, each with a life of its own.
	Group
	// Relational: shared by many, gone with its last reference.
	Relational
)

func (c Cardinality) String() string {
	switch c {
	case Peer:
		return "Peer"
	case Group:
		return "Group"
	case Relational:
		return "Relational"
	}
	return fmt.Sprintf("Cardinality(%d)", uint8(c))
}

// Lifetime says how long records of a kind last.
type Lifetime uint8

// The lifetimes.
const (
	// Persistent: until the user deletes it, or its node or last reference goes.
	Persistent Lifetime = iota + 1
	// Ephemeral: until one of its triggers.
	Ephemeral
)

func (l Lifetime) String() string {
	switch l {
	case Persistent:
		return "Persistent"
	case Ephemeral:
		return "Ephemeral"
	}
	return fmt.Sprintf("Lifetime(%d)", uint8(l))
}

// Class is one of the six.
type Class struct {
	Cardinality Cardinality
	Lifetime    Lifetime
}

func (c Class) String() string { return c.Cardinality.String() + " × " + c.Lifetime.String() }

// Home is where records of a kind live.
type Home uint8

// The homes.
const (
	CoreDB      Home = iota + 1 // core.db
	EphemeralDB                 // ephemeral.db
	ScratchDB                   // scratch/<session>/<table>.db
	NodeFile                    // a file for each node, such as tiles/<node>.db
)

func (h Home) String() string {
	switch h {
	case CoreDB:
		return "core.db"
	case EphemeralDB:
		return "ephemeral.db"
	case ScratchDB:
		return "scratch"
	case NodeFile:
		return "a file for each node"
	}
	return fmt.Sprintf("Home(%d)", uint8(h))
}

// Home of the class's records. Bulk ones are too many for a shared database:
// they have a file of their own that is deleted whole.
func (c Class) Home(bulk bool) Home {
	switch {
	case bulk && c.Lifetime == Ephemeral:
		return ScratchDB
	case bulk:
		return NodeFile
	case c.Lifetime == Ephemeral:
		return EphemeralDB
	}
	return CoreDB
}

// Answer says what a trigger does to the records it meets.
type Answer uint8

// The answers.
const (
	// Keep leaves them.
	Keep Answer = iota
	// Delete deletes them.
	Delete
	// Checked deletes them unless their session is active.
	Checked
	// Asked leaves the choice to the user: the trigger does nothing.
	Asked
)

func (a Answer) String() string {
	return [...]string{"keep", "delete", "checked", "asked"}[a&3]
}

// AutoDelete is when ephemeral records are deleted without being told. What
// belongs to a session that is pending, running or paused is never deleted so.
type AutoDelete struct {
	OnSessionComplete    Answer
	OnDialogClose        Answer
	OnWorkingCopyDiscard Answer
	// MaxIdle since the last access; 0: never. Records without an Accessed
	// function idle with their session.
	MaxIdle time.Duration
}
