package entity

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// The files below a Manager's directory.
const (
	coreFile      = "core.db"
	ephemeralFile = "ephemeral.db"
	scratchFolder = "scratch"
)

// Options of Open.
type Options struct {
	// Dir is the data directory; it must exist, and one process owns it.
	Dir string
	// Kinds are all kinds of records, each once.
	Kinds []Registered
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// NodeExists tells whether the tree has a node, in the trash too. tx is one of
	// core.db.
	NodeExists func(tx *kv.Tx, node string) (bool, error)
	// Core and Ephemeral are what the databases hold beside the kinds: their
	// version, migrations, and tables such as the tree's nodes.
	Core, Ephemeral kv.Schema
	// Verify checks a scratch file that an earlier process left, in a way that
	// damage cannot bring down this one; nil: not done. Its error counts as
	// damage if it is a kv.ErrDamaged.
	Verify func(ctx context.Context, path string) error
	// NoSync leaves syncing to the system, for tests.
	NoSync bool
}

// Manager owns core.db, ephemeral.db and the scratch folder, and the lives of
// all records in them. It is safe for concurrent use. It starts no goroutines
// and no timers: Sweep must be called at start and every minute.
type Manager struct {
	opt      Options
	core     *kv.DB
	eph      *kv.DB
	records  []dbKind // in the order of Options.Kinds
	bulk     []bulkKind
	files    []*Files
	sessions dbKind // nil if none is registered

	// upkeep lets triggers and sweeps run one after the other.
	upkeep sync.Mutex

	mu      sync.Mutex
	scratch map[string]*Scratch // by session

	atBoundary func() // for tests; else nil
}

// Open opens the databases, makes or migrates them if needed. Errors: those of
// kv.Open, and those of kinds that are not well described. Triggers that were
// cut short by the end of the last process are finished by the first Sweep.
func Open(o Options) (*Manager, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &Manager{opt: o, scratch: map[string]*Scratch{}}
	if err := m.register(); err != nil {
		return nil, err
	}
	tables := [][]kv.Tabled{m.tables(CoreDB), append(m.tables(EphemeralDB), notes(), intents())}
	var err error
	if m.core, err = m.open(coreFile, o.Core, tables[0], true); err != nil {
		return nil, err
	}
	if m.eph, err = m.open(ephemeralFile, o.Ephemeral, tables[1], false); err != nil {
		return nil, errors.Join(err, m.core.Close())
	}
	return m, nil
}

func (m *Manager) open(name string, s kv.Schema, more []kv.Tabled, backup bool) (*kv.DB, error) {
	s.Name = name
	s.Version = max(s.Version, 1)
	s.Tables = append(append([]kv.Tabled(nil), s.Tables...), more...)
	return kv.Open(filepath.Join(m.opt.Dir, name), s, kv.Options{NoSync: m.opt.NoSync, Backup: backup})
}

// register sorts the kinds by where they live.
func (m *Manager) register() error {
	names, tables := map[string]bool{}, map[string]bool{notesTable: true, intentsTable: true}
	for _, k := range m.opt.Kinds {
		if err := k.validate(); err != nil {
			return err
		}
		if names[k.Name()] {
			return fmt.Errorf("register kind %q: it is registered twice", k.Name())
		}
		names[k.Name()] = true
		if err := m.sort(k, tables); err != nil {
			return err
		}
	}
	return nil
}

func (m *Manager) sort(k Registered, tables map[string]bool) error {
	switch k := k.(type) {
	case *Files:
		m.files = append(m.files, k)
		return nil
	case dbKind:
		if tables[k.tableName()] {
			return fmt.Errorf("register kind %q: table %s has a kind already", k.Name(), k.tableName())
		}
		tables[k.tableName()] = true
		switch {
		case k.Home() == ScratchDB:
			m.bulk = append(m.bulk, k)
			return nil
		case k.isSession() && m.sessions != nil:
			return fmt.Errorf("register kind %q: %s is the kind of sessions already", k.Name(), m.sessions.Name())
		case k.isSession():
			m.sessions = k
		}
		m.records = append(m.records, k)
		return nil
	}
	return fmt.Errorf("register kind %q: %T is not known", k.Name(), k)
}

// in returns the kinds of records that live in a database.
func (m *Manager) in(h Home) []dbKind {
	var out []dbKind
	for _, k := range m.records {
		if k.Home() == h {
			out = append(out, k)
		}
	}
	return out
}

func (m *Manager) tables(h Home) []kv.Tabled {
	var out []kv.Tabled
	for _, k := range m.in(h) {
		out = append(out, k.tabled())
	}
	return out
}

// Kinds returns the registered kinds. The caller must not write to the slice.
func (m *Manager) Kinds() []Registered { return m.opt.Kinds }

// Now is the time of the manager's clock.
func (m *Manager) Now() time.Time { return m.opt.Now() }

// Update runs fn in a writing transaction of the database of a lifetime:
// core.db for Persistent, ephemeral.db for Ephemeral. A record of the other
// lifetime gives a kv.ErrNoTable. fn must not start a transaction of its own,
// nor use a Scratch or a trigger.
func (m *Manager) Update(l Lifetime, fn func(tx *kv.Tx) error) error { return m.db(l).Update(fn) }

// View runs fn on the state of now, see Update.
func (m *Manager) View(l Lifetime, fn func(tx *kv.Tx) error) error { return m.db(l).View(fn) }

func (m *Manager) db(l Lifetime) *kv.DB {
	if l == Ephemeral {
		return m.eph
	}
	return m.core
}

// DB returns the database of a lifetime, for backups and figures. It is closed
// with the manager.
func (m *Manager) DB(l Lifetime) *kv.DB { return m.db(l) }

// Close notes the last accesses, compacts what is mostly free, keeps the backup
// of core.db and closes all files. Nothing may be used afterwards.
func (m *Manager) Close() error {
	m.upkeep.Lock()
	defer m.upkeep.Unlock()
	err := m.flushAccess()
	_, compacting := m.compact()
	err = errors.Join(err, compacting)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range sortedScratch(m.scratch) {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, m.eph.Close(), m.core.Close())
}

// scratchDir is the folder of a session's scratch.
func (m *Manager) scratchDir(session string) string {
	return filepath.Join(m.opt.Dir, scratchFolder, session)
}

func makeFolder(path string) error {
	return atomicfile.Explain("create "+path, os.MkdirAll(path, 0o700))
}
