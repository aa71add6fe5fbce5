package entity

import (
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// The manager's own tables in ephemeral.db.
const (
	notesTable   = "scratch"
	intentsTable = "triggers"
)

// note says that a kind has a file in a session's scratch, and when it was
// used last. It is written before the file is made and goes after it, so that a
// file without one is an orphan, and one that is missing is known to be lost.
type note struct {
	Session  string    `cbor:"1,keyasint"`
	Kind     string    `cbor:"2,keyasint"` // name; with Session, the key
	Node     string    `cbor:"3,keyasint"`
	Created  time.Time `cbor:"4,keyasint"`
	Accessed time.Time `cbor:"5,keyasint"`
	Expires  time.Time `cbor:"6,keyasint,omitzero"`
	// Kept: it outlives its session, until its node is edited or goes.
	Kept bool `cbor:"7,keyasint,omitempty"`
	// Dropped says why the file was deleted while its session stays; "" if it was
	// not.
	Dropped string `cbor:"8,keyasint,omitempty"`
}

func noteKey(session, kind string) kv.Key { return kv.Key(nil).Str(session).Str(kind) }

// notes returns the table of scratch files, by session and kind.
func notes() *kv.Table[note] {
	return &kv.Table[note]{
		Name: notesTable, Version: 1,
		Key: func(n *note) kv.Key { return noteKey(n.Session, n.Kind) },
		Indexes: []kv.Index[note]{
			{Name: "node", Keys: kv.One(func(n *note) kv.Key { return kv.Key(nil).Str(n.Node) })},
		},
	}
}

// intent is a trigger under way: it is written before the first deletion and
// goes with the last, so that a process that ends between is made up for.
type intent struct {
	Event   Event     `cbor:"1,keyasint"`
	Subject string    `cbor:"2,keyasint"` // session or node; with Event, the key
	Nodes   []string  `cbor:"3,keyasint,omitempty"`
	Keep    bool      `cbor:"4,keyasint,omitempty"`
	When    time.Time `cbor:"5,keyasint"`
}

// intents returns the table of triggers under way.
func intents() *kv.Table[intent] {
	return &kv.Table[intent]{
		Name: intentsTable, Version: 1,
		Key: func(i *intent) kv.Key { return kv.Key(nil).Str(string(i.Event)).Str(i.Subject) },
	}
}
