package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// SampleNode is the id of the node with the bundled sample, which a new data
// directory begins with.
const SampleNode = "sample"

// Engine is the data directory at work. It is safe for concurrent use, and
// owns the directory until Close.
type Engine struct {
	dir   string
	log   *slog.Logger
	now   func() time.Time
	exe   string // this program, to check files with
	user  string // this process, as sessions name who uses them
	lock  *flock.Flock
	swept bool // by itself, what is past its time

	kinds *kinds
	m     *entity.Manager
	tree  tree.Tree
	board session.Board
	found Recovery // by Open

	// commands are done one at a time where they take more than a transaction.
	commands sync.Mutex
	closed   bool // no command begins any more

	// nameless is held while tile files may have the names of nodes that are not
	// in the tree yet, and by who deletes files without a node.
	nameless sync.Mutex

	runs    runs
	stop    context.CancelFunc // of upkeep
	upkeep  sync.WaitGroup
	watched watchers
	mute    context.CancelFunc // ends the calls of watchers
	telling sync.WaitGroup
	names   countryNames

	network Network
	supply  func() (*supply, error) // opened when it is first asked for
	opened  atomic.Pointer[supply]  // nil until then
}

// Open opens the data directory, makes it if it is not there, and puts in
// order what the last end of the program left: see Recovery. Errors: ErrBusy
// if another process owns it, and *Unusable for a core database that is damaged
// or of a newer version, which is left as it is.
func Open(ctx context.Context, dataDir string, log *slog.Logger) (*Engine, error) {
	return open(ctx, dataDir, log, true)
}

// OpenUnswept is Open without the sweep at the start and each minute: for who
// is to be told what there is to delete.
func OpenUnswept(ctx context.Context, dataDir string, log *slog.Logger) (*Engine, error) {
	return open(ctx, dataDir, log, false)
}

func open(ctx context.Context, dataDir string, log *slog.Logger, swept bool) (*Engine, error) {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	for _, d := range []string{dir, filepath.Join(dir, "tiles"), filepath.Join(dir, "scratch")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, fmt.Errorf("open data directory: %w", err)
		}
	}
	e := &Engine{dir: dir, log: log, now: time.Now, swept: swept}
	e.supply = sync.OnceValues(e.openSupply)
	if e.exe, err = os.Executable(); err != nil {
		return nil, fmt.Errorf("find this program to check files with: %w", err)
	}
	e.user = processName()
	if e.lock, err = own(dir); err != nil {
		return nil, err
	}
	if err := e.open(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// open is Open for a directory that is ours.
func (e *Engine) open(ctx context.Context) (err error) {
	_, statErr := os.Stat(filepath.Join(e.dir, coreFile))
	fresh := errors.Is(statErr, os.ErrNotExist)
	if err := e.check(ctx); err != nil {
		return err
	}
	if fresh { // tiles that are there are of a tree that is gone
		if err := markRescued(e.dir); err != nil {
			return err
		}
	}
	e.kinds = newKinds(filepath.Join(e.dir, "tiles"))
	e.m, err = entity.Open(entity.Options{
		Dir: e.dir, Kinds: e.kinds.registered, Now: e.now, Core: coreSchema(), Ephemeral: ephemeralSchema(),
		NodeExists: nodeExists, Verify: kv.Verifier{Exe: e.exe}.Verify,
	})
	if err != nil {
		return err
	}
	e.tree = tree.Tree{Now: e.now, NewID: newID, Busy: e.engaged, Apply: e.applyImage}
	e.board = session.Board{Now: e.now}
	e.runs.init()
	e.watched.init()
	if fresh {
		if err := e.plantSample(); err != nil {
			return err
		}
	}
	if err := e.recover(); err != nil {
		return err
	}
	upkeep, stop := context.WithCancel(context.Background())
	e.stop = stop
	if e.swept {
		e.upkeep.Go(func() { e.keepUp(upkeep) })
	}
	telling, mute := context.WithCancel(context.Background())
	e.mute = mute
	e.telling.Go(func() { e.tell(telling) })
	return ctx.Err()
}

// UseNetwork says how servers are reached. It is to be called before anything
// asks for sources.
func (e *Engine) UseNetwork(n Network) { e.network = n }

// newID returns the id of a new record.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

func nodeExists(tx *kv.Tx, node string) (bool, error) {
	_, ok, err := tree.Nodes().Get(tx, tree.Key(node))
	return ok, err
}

// Close pauses what runs and releases the data directory. The engine is not
// usable afterwards: commands give ErrClosed, or an error of the database.
func (e *Engine) Close() error {
	e.commands.Lock()
	defer e.commands.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	if e.stop != nil {
		e.stop()
		e.upkeep.Wait()
	}
	var errs []error
	if e.m != nil {
		errs = append(errs, e.pauseAll(closedReason))
		e.runs.all.Wait() // also for tasks that are slow to hear of it
		if e.mute != nil {
			e.mute()
			e.telling.Wait()
		}
		errs = append(errs, e.m.Close())
	}
	if c := e.opened.Load(); c != nil {
		c.collector.Close() // before another process may have the cache
		c.client.Close()
	}
	if e.lock != nil {
		errs = append(errs, e.lock.Unlock())
	}
	return errors.Join(errs...)
}

// core and ephemeral run a transaction of the database of that name.
func (e *Engine) coreView(fn func(tx *kv.Tx) error) error { return e.m.View(entity.Persistent, fn) }

func (e *Engine) core(fn func(tx *kv.Tx) error) error    { return e.m.Update(entity.Persistent, fn) }
func (e *Engine) ephView(fn func(tx *kv.Tx) error) error { return e.m.View(entity.Ephemeral, fn) }
func (e *Engine) eph(fn func(tx *kv.Tx) error) error     { return e.m.Update(entity.Ephemeral, fn) }

func (e *Engine) tileFile(id string) string { return tileFiles{filepath.Join(e.dir, "tiles")}.path(id) }
