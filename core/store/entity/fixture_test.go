package entity_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// rec is a record of any kind: what the lifecycle can see of it.
type rec struct {
	ID       string    `cbor:"1,keyasint"`
	Node     string    `cbor:"2,keyasint,omitempty"`
	Session  string    `cbor:"3,keyasint,omitempty"`
	New      bool      `cbor:"4,keyasint,omitempty"` // before its node
	Draft    bool      `cbor:"5,keyasint,omitempty"`
	Active   bool      `cbor:"6,keyasint,omitempty"`
	Created  time.Time `cbor:"7,keyasint,omitzero"`
	Accessed time.Time `cbor:"8,keyasint,omitzero"`
	Expires  time.Time `cbor:"9,keyasint,omitzero"`
	Strong   []string  `cbor:"10,keyasint,omitempty"`
	Weak     []string  `cbor:"11,keyasint,omitempty"`
	Hash     string    `cbor:"12,keyasint,omitempty"`
	Count    int       `cbor:"13,keyasint,omitempty"`
	Freq     float64   `cbor:"14,keyasint,omitempty"`
	Users    []string  `cbor:"15,keyasint,omitempty"`
	Primary  string    `cbor:"16,keyasint,omitempty"`
}

func key(parts ...string) kv.Key {
	var k kv.Key
	for _, p := range parts {
		k = k.Str(p)
	}
	return k
}

func table(name string, key func(*rec) kv.Key, indexes ...kv.Index[rec]) *kv.Table[rec] {
	return &kv.Table[rec]{Name: name, Version: 1, Key: key, Indexes: indexes}
}

func byID(r *rec) kv.Key        { return key(r.ID) }
func byNode(r *rec) kv.Key      { return key(r.Node) }
func byNodeID(r *rec) kv.Key    { return key(r.Node, r.ID) }
func bySessionID(r *rec) kv.Key { return key(r.Session, r.ID) }

func refKeys(r *rec) []kv.Key {
	var out []kv.Key
	for _, n := range slices.Concat(r.Strong, r.Weak) {
		out = append(out, key(n))
	}
	return out
}

func shared(r *rec) entity.Shared {
	return entity.Shared{
		Strong: &r.Strong, Weak: &r.Weak, Hash: &r.Hash, Count: &r.Count,
		LastAccess: &r.Accessed, Frequency: &r.Freq,
	}
}

func stamp(r *rec, s entity.Stamp) {
	if s.Created {
		r.Created = s.Now
	}
	r.Accessed, r.Expires = s.Now, s.Expires
}

// The times after which records idle out, as the system has them.
const (
	bufferIdle  = time.Hour
	featureIdle = 30 * time.Minute
	tileIdle    = 15 * time.Minute
	sessionIdle = 2 * time.Hour
)

// kinds is one of each that the system has.
type kinds struct {
	shape, summary, template, source          *entity.Kind[rec]
	copy, session, task, dependency           *entity.Kind[rec]
	buffer, featureIndex, featureBuffer, tile *entity.Kind[rec]
	tiles                                     *entity.Files
	bulkKinds                                 []*entity.Kind[rec] // those that session writes
	store                                     *memoryFiles
}

func newKinds() *kinds {
	store := &memoryFiles{files: map[string]int64{}}
	k := newKindsWith(store)
	k.store = store
	k.bulkKinds = []*entity.Kind[rec]{k.buffer, k.featureIndex, k.featureBuffer, k.tile}
	return k
}

func newKindsWith(store entity.FileStore) *kinds {
	node := func(r *rec) string { return r.Node }
	session := func(r *rec) string { return r.Session }
	accessed := func(r *rec) time.Time { return r.Accessed }
	all := func(idle time.Duration) entity.AutoDelete {
		return entity.AutoDelete{
			OnSessionComplete: entity.Delete, OnDialogClose: entity.Delete, OnWorkingCopyDiscard: entity.Delete, MaxIdle: idle,
		}
	}
	checked := all(sessionIdle)
	checked.OnDialogClose = entity.Checked
	tiles := all(tileIdle)
	tiles.OnDialogClose = entity.Keep
	group := entity.Class{Cardinality: entity.Group, Lifetime: entity.Ephemeral}
	bulk := func(name, tbl string, auto entity.AutoDelete) *entity.Kind[rec] {
		return entity.NewKind(table(tbl, byID), entity.Spec[rec]{Name: name, Class: group, Bulk: true, AutoDelete: auto})
	}
	byRef := kv.Index[rec]{Name: "node", Keys: refKeys}
	return &kinds{
		tiles: entity.NewFiles("VectorTile", store),
		shape: entity.NewKind(table("shapes", byNode), entity.Spec[rec]{
			Name: "ShapesEntity", Class: entity.Class{Cardinality: entity.Peer, Lifetime: entity.Persistent}, Node: node, Stamp: stamp,
		}),
		summary: entity.NewKind(table("summaries", byNodeID), entity.Spec[rec]{
			Name: "RunSummary", Class: entity.Class{Cardinality: entity.Group, Lifetime: entity.Persistent}, Node: node,
		}),
		template: entity.NewKind(table("templates", byID, byRef, kv.Index[rec]{Name: "hash", Keys: func(r *rec) []kv.Key { return []kv.Key{key(r.Hash)} }}),
			entity.Spec[rec]{
				Name: "BatchConfigTemplate", Class: entity.Class{Cardinality: entity.Relational, Lifetime: entity.Persistent},
				Shared: shared, ByNode: "node", ByHash: "hash",
			}),
		source: entity.NewKind(table("sourcedata", func(r *rec) kv.Key { return key(r.Hash) }, byRef), entity.Spec[rec]{
			Name: "SourceData", Class: entity.Class{Cardinality: entity.Relational, Lifetime: entity.Persistent},
			Shared: shared, ByNode: "node",
		}),
		copy: entity.NewKind(table("workingcopies", byNode), entity.Spec[rec]{
			Name: "ShapesWorkingCopy", Class: entity.Class{Cardinality: entity.Peer, Lifetime: entity.Ephemeral}, Node: node,
			Ahead: func(r *rec) bool { return r.New }, Held: func(r *rec) bool { return r.Draft },
			Accessed: accessed, Stamp: stamp,
			AutoDelete: entity.AutoDelete{OnDialogClose: entity.Asked, OnWorkingCopyDiscard: entity.Delete},
		}),
		session: entity.NewKind(table("sessions", func(r *rec) kv.Key { return key(r.Session) },
			kv.Index[rec]{Name: "node", Keys: kv.One(byNode)}), entity.Spec[rec]{
			Name: "BatchSession", Class: group, Node: node, ByNode: "node", Session: session,
			Active: func(r *rec) bool { return r.Active }, Accessed: accessed, Stamp: stamp, AutoDelete: checked,
			Users: func(r *rec) entity.Users {
				return entity.Users{IDs: &r.Users, Primary: &r.Primary, Max: 1, DeleteEmpty: true, Timeout: sessionIdle}
			},
		}),
		task: entity.NewKind(table("tasks", bySessionID), entity.Spec[rec]{
			Name: "BatchTask", Class: group, Node: node, Session: session, AutoDelete: checked,
		}),
		dependency: entity.NewKind(table("dependencies", bySessionID), entity.Spec[rec]{
			Name: "TaskDependency", Class: entity.Class{Cardinality: entity.Relational, Lifetime: entity.Ephemeral}, Session: session, AutoDelete: checked,
		}),
		buffer:        bulk("BatchBuffer", "buffers", all(bufferIdle)),
		featureIndex:  bulk("FeatureIndex", "featureindices", all(featureIdle)),
		featureBuffer: bulk("FeatureBuffer", "featurebuffers", all(featureIdle)),
		tile:          bulk("TileBuffer", "tilebuffers", tiles),
	}
}

func (k *kinds) list() []entity.Registered {
	return []entity.Registered{
		k.shape, k.tiles, k.template, k.source, k.summary, k.copy, k.session, k.task, k.dependency,
		k.buffer, k.featureIndex, k.featureBuffer, k.tile,
	}
}

// nodes is the tree: one record a node.
func nodes() *kv.Table[rec] { return table("nodes", byID) }

// memoryFiles is a FileStore.
type memoryFiles struct{ files map[string]int64 }

func (m *memoryFiles) Nodes() ([]string, error) {
	var out []string
	for n := range m.files {
		out = append(out, n)
	}
	slices.Sort(out)
	return out, nil
}

func (m *memoryFiles) Size(node string) (int, int64, error) { return 0, m.files[node], nil }
func (m *memoryFiles) Remove(node string) error             { delete(m.files, node); return nil }

// failer is what a test and a property test have in common.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Cleanup(fn func())
}

// world is a manager on a virtual clock.
type world struct {
	t   failer
	dir string
	k   *kinds
	m   *entity.Manager
	now time.Time
}

func newWorld(t testing.TB) *world { return newWorldIn(t, t.TempDir(), newKinds()) }

func newWorldIn(t failer, dir string, k *kinds) *world {
	w := &world{t: t, dir: dir, k: k, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.open()
	t.Cleanup(func() { w.check(w.m.Close()) })
	return w
}

func (w *world) options() entity.Options {
	return entity.Options{
		Dir: w.dir, Kinds: w.k.list(), Now: func() time.Time { return w.now }, NoSync: true,
		Core:       kv.Schema{Tables: []kv.Tabled{nodes()}},
		NodeExists: nodeExists,
	}
}

func nodeExists(tx *kv.Tx, id string) (bool, error) {
	_, ok, err := nodes().Get(tx, key(id))
	return ok, err
}

func (w *world) open() {
	w.t.Helper()
	var err error
	w.m, err = entity.Open(w.options())
	w.check(err)
}

func (w *world) reopen() {
	w.t.Helper()
	w.check(w.m.Close())
	w.open()
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) update(l entity.Lifetime, fn func(tx *kv.Tx) error) {
	w.t.Helper()
	w.check(w.m.Update(l, fn))
}

func (w *world) node(id string) {
	w.t.Helper()
	w.update(entity.Persistent, func(tx *kv.Tx) error { return nodes().Put(tx, &rec{ID: id}) })
}

func (w *world) create(k *entity.Kind[rec], r rec) {
	w.t.Helper()
	w.update(k.Class().Lifetime, func(tx *kv.Tx) error { return k.Create(tx, &r, w.now) })
}

// session makes a session with a task, a dependency and an output of each
// bulk kind.
func (w *world) session(id, node string, active bool) {
	w.t.Helper()
	w.create(w.k.session, rec{ID: id, Session: id, Node: node, Active: active})
	w.create(w.k.task, rec{ID: "t", Session: id, Node: node})
	w.create(w.k.dependency, rec{ID: "d", Session: id})
	s, err := w.m.Scratch(id)
	w.check(err)
	for _, k := range w.k.bulkKinds {
		w.check(s.Update(k, func(tx *kv.Tx) error { return k.Create(tx, &rec{ID: "1"}, w.now) }))
	}
}

func (w *world) setActive(id string, active bool) {
	w.t.Helper()
	w.update(entity.Ephemeral, func(tx *kv.Tx) error {
		r, _, err := w.k.session.Table.Get(tx, key(id))
		r.Active = active
		return firstErr(err, w.k.session.Table.Put(tx, &r))
	})
}

func firstErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// count returns how many records of a kind there are in the databases, and for
// bulk kinds how many files.
func (w *world) count(k *entity.Kind[rec]) (n int) {
	w.t.Helper()
	if k.Home() == entity.ScratchDB {
		return len(w.scratchFiles(k.Table.Name + ".db"))
	}
	w.check(w.m.View(k.Class().Lifetime, func(tx *kv.Tx) (err error) {
		n, err = k.Table.Count(tx, nil)
		return err
	}))
	return n
}

func (w *world) sweep(o entity.SweepOptions) entity.Report {
	w.t.Helper()
	r, err := w.m.Sweep(context.Background(), o)
	w.check(err)
	return r
}

// clean fails if a check finds anything, or a trigger is not finished.
func (w *world) clean() {
	w.t.Helper()
	if n, err := w.m.Pending(); n != 0 || err != nil {
		w.t.Errorf("%d triggers are not finished, %v", n, err)
	}
	w.check(w.m.Check(context.Background(), func(f entity.Finding) { w.t.Errorf("%v", f) }))
}
