package entity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Where the records of every class live follows from the class alone.
func TestHomes(t *testing.T) {
	for _, test := range []struct {
		c    entity.Cardinality
		l    entity.Lifetime
		bulk bool
		want entity.Home
	}{
		{entity.Peer, entity.Persistent, false, entity.CoreDB},
		{entity.Group, entity.Persistent, false, entity.CoreDB},
		{entity.Group, entity.Persistent, true, entity.NodeFile},
		{entity.Relational, entity.Persistent, false, entity.CoreDB},
		{entity.Peer, entity.Ephemeral, false, entity.EphemeralDB},
		{entity.Group, entity.Ephemeral, false, entity.EphemeralDB},
		{entity.Group, entity.Ephemeral, true, entity.ScratchDB},
		{entity.Relational, entity.Ephemeral, false, entity.EphemeralDB},
	} {
		class := entity.Class{Cardinality: test.c, Lifetime: test.l}
		if got := class.Home(test.bulk); got != test.want {
			t.Errorf("%v, bulk %v: %v, not %v", class, test.bulk, got, test.want)
		}
	}
	for _, k := range newKinds().list() {
		if _, files := k.(*entity.Files); files && k.Home() != entity.NodeFile {
			t.Errorf("%s lives in %v", k.Name(), k.Home())
		}
	}
}

// Every kind's records really are where its class says, and nowhere else.
func TestRecordsAreAtHome(t *testing.T) {
	w := newWorld(t)
	w.full(false)
	for _, r := range w.k.list() {
		k, ok := r.(*entity.Kind[rec])
		if !ok {
			continue
		}
		for _, l := range []entity.Lifetime{entity.Persistent, entity.Ephemeral} {
			n := 0
			err := w.m.View(l, func(tx *kv.Tx) (err error) { n, err = k.Table.Count(tx, nil); return err })
			here := k.Home() != entity.ScratchDB && k.Class().Lifetime == l
			if here != (err == nil) || here && n != 1 {
				t.Errorf("%s (%v) in %v: %d records, %v", k.Name(), k.Home(), l, n, err)
			}
		}
		if want := k.Home() == entity.ScratchDB; want != (len(w.scratchFiles(k.Table.Name+".db")) == 1) {
			t.Errorf("%s has a scratch file: %v", k.Name(), !want)
		}
	}
}

func TestRegistration(t *testing.T) {
	class := func(c entity.Cardinality, l entity.Lifetime) entity.Class {
		return entity.Class{Cardinality: c, Lifetime: l}
	}
	str := func(*rec) string { return "" }
	yes := func(*rec) bool { return true }
	one := func(s entity.Spec[rec]) []entity.Registered {
		return []entity.Registered{entity.NewKind(table("x", byID), s)}
	}
	twice := newKinds()
	other := newKinds()
	for name, test := range map[string]struct {
		kinds []entity.Registered
		want  string
	}{
		"no name":           {one(entity.Spec[rec]{Class: class(entity.Peer, entity.Persistent), Node: str}), "needs a name"},
		"no class":          {one(entity.Spec[rec]{Name: "X"}), "no class"},
		"bulk peer":         {one(entity.Spec[rec]{Name: "X", Class: class(entity.Peer, entity.Ephemeral), Bulk: true}), "may be bulk"},
		"group of nobody":   {one(entity.Spec[rec]{Name: "X", Class: class(entity.Group, entity.Persistent)}), "needs Node"},
		"nothing shared":    {one(entity.Spec[rec]{Name: "X", Class: class(entity.Relational, entity.Persistent)}), "needs Shared"},
		"edge of nobody":    {one(entity.Spec[rec]{Name: "X", Class: class(entity.Relational, entity.Ephemeral)}), "needs Session"},
		"persistent idles":  {one(entity.Spec[rec]{Name: "X", Class: class(entity.Peer, entity.Persistent), Node: str, AutoDelete: entity.AutoDelete{MaxIdle: time.Hour}}), "not deleted automatically"},
		"nodeless session":  {one(entity.Spec[rec]{Name: "X", Class: class(entity.Group, entity.Ephemeral), Session: str, Active: yes}), "needs Session and Node"},
		"index that is not": {one(entity.Spec[rec]{Name: "X", Class: class(entity.Peer, entity.Persistent), Node: str, ByNode: "node"}), `no index "node"`},
		"the same twice":    {append(twice.list(), twice.shape), "registered twice"},
		"table twice":       {append(twice.list(), entity.NewKind(table("shapes", byNode), entity.Spec[rec]{Name: "X", Class: class(entity.Peer, entity.Persistent), Node: str})), "has a kind already"},
		"own table": {[]entity.Registered{entity.NewKind(table("triggers", byNode), entity.Spec[rec]{
			Name: "X", Class: class(entity.Peer, entity.Ephemeral), Node: str,
		})}, "has a kind already"},
		"two sessions": {append(twice.list(), entity.NewKind(table("x", byID, other.session.Table.Indexes...), entity.Spec[rec]{
			Name: "X", Class: class(entity.Group, entity.Ephemeral), Node: str, Session: str, Active: yes,
		})), "kind of sessions already"},
		"no store": {[]entity.Registered{entity.NewFiles("VectorTile", nil)}, "needs a name and a store"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := entity.Open(entity.Options{Dir: t.TempDir(), Kinds: test.kinds})
			if err == nil {
				t.Fatal("it was taken", m.Close())
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q does not say %q", err, test.want)
			}
		})
	}
}
