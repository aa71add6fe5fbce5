package entity_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// The environment of a child process that kills itself: where it works, and at
// which boundary it dies.
const (
	childDir  = "ENTITY_TEST_DIR"
	childKill = "ENTITY_TEST_KILL"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir, os.Getenv(childKill)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// diskFiles is a FileStore in a folder.
type diskFiles struct{ dir string }

func (d diskFiles) path(node string) string { return filepath.Join(d.dir, node+".tiles") }

func (d diskFiles) Nodes() ([]string, error) {
	all, err := filepath.Glob(d.path("*"))
	for i, f := range all {
		all[i] = strings.TrimSuffix(filepath.Base(f), ".tiles")
	}
	slices.Sort(all)
	return all, err
}

func (d diskFiles) Size(node string) (int, int64, error) {
	info, err := os.Stat(d.path(node))
	if errors.Is(err, os.ErrNotExist) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	return 1, info.Size(), nil
}

func (d diskFiles) Remove(node string) error {
	if err := os.Remove(d.path(node)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// childFailer ends the child when something goes wrong.
type childFailer struct{ cleanup []func() }

func (*childFailer) Helper()                   {}
func (*childFailer) Errorf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }
func (*childFailer) Fatal(a ...any)            { panic(fmt.Sprint(a...)) }
func (c *childFailer) Cleanup(fn func())       { c.cleanup = append(c.cleanup, fn) }
func (c *childFailer) end() {
	for _, fn := range c.cleanup {
		fn()
	}
}

// child lives a life and kills itself at a boundary in it. It says what it has
// done.
func child(dir, at string) error {
	deadly, err := strconv.Atoi(at)
	if err != nil {
		return err
	}
	c := &childFailer{}
	w := newWorldIn(c, dir, newKindsWith(diskFiles{dir}))
	n := 0
	w.life(func() { w.m.AtBoundary(func() { n++; dieAt(n, deadly) }) }, func(done string) { fmt.Println(done) })
	c.end()
	fmt.Println("boundaries", n)
	return nil
}

func dieAt(n, deadly int) {
	if n != deadly {
		return
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	fmt.Fprintln(os.Stderr, "not killed", err)
	select {} // until it dies
}

// life has everything in it that the manager deletes. It is dangerous from
// where danger is called.
func (w *world) life(danger func(), done func(string)) {
	ctx := context.Background()
	w.k.bulkKinds = []*entity.Kind[rec]{w.k.buffer, w.k.tile}
	for _, n := range []string{"a", "b"} {
		w.node(n)
		w.create(w.k.shape, rec{Node: n})
		w.create(w.k.summary, rec{Node: n, ID: "1"})
		w.create(w.k.copy, rec{Node: n})
		w.check(os.WriteFile(diskFiles{w.dir}.path(n), []byte("tiles"), 0o600))
		w.update(entity.Persistent, func(tx *kv.Tx) error {
			_, _, err := w.k.source.PutShared(tx, rec{Hash: "x"}, w.now)
			return firstErr(err, w.k.source.AddRef(tx, key("x"), n, entity.Strong, w.now))
		})
		done("made " + n)
	}
	for _, id := range []string{"a0", "a1", "a2", "b2"} {
		w.session(id, id[:1], false)
	}
	danger()
	w.update(entity.Ephemeral, func(tx *kv.Tx) error {
		for i := range 600 { // more than a batch
			if err := w.k.task.Create(tx, &rec{ID: strconv.Itoa(i), Session: "a0"}, w.now); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := w.m.SessionComplete(ctx, "a0", false)
	w.check(err)
	done("completed a0")
	_, err = w.m.SessionComplete(ctx, "a1", true)
	w.check(err)
	done("completed a1")
	_, err = w.m.DialogClose(ctx, "a")
	w.check(err)
	done("closed a")
	_, err = w.m.WorkingCopyDiscard(ctx, "b")
	w.check(err)
	done("discarded b")
	w.session("b9", "b", false)
	w.now = w.now.Add(20 * time.Minute)
	_, err = w.m.Sweep(ctx, entity.SweepOptions{})
	w.check(err)
	w.now = w.now.Add(3 * time.Hour)
	_, err = w.m.Sweep(ctx, entity.SweepOptions{})
	w.check(err)
	done("idled b9")
	w.session("a9", "a", false)
	_, err = w.m.NodesPurged(ctx, []string{"a", "b"}, func(tx *kv.Tx) error {
		for _, n := range []string{"a", "b"} {
			if _, err := nodes().Delete(tx, key(n)); err != nil {
				return err
			}
		}
		return nil
	})
	w.check(err)
	done("purged")
}

// The program is killed at every boundary of a life. The next start and its
// sweep leave nothing that belongs to nobody, and all that was done stays done.
func TestKilledEverywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("starts some hundred processes")
	}
	var n int
	out := runChild(t, t.TempDir(), 0, true)
	if _, err := fmt.Sscanf(out[strings.Index(out, "boundaries"):], "boundaries %d", &n); err != nil || n < 50 {
		t.Fatalf("%d boundaries (%v)", n, err)
	}
	for at := 1; at <= n; at++ {
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			afterKill(t, dir, runChild(t, dir, at, false))
		})
	}
}

// runChild returns what a child has done until it ended, well or not.
func runChild(t *testing.T, dir string, at int, well bool) string {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childKill+"="+strconv.Itoa(at))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); (err == nil) != well || stderr.Len() > 0 {
		t.Fatalf("the child ended with %v\n%s", err, stderr.Bytes())
	}
	return stdout.String()
}

// afterKill starts again where the child has ended.
func afterKill(t *testing.T, dir, did string) {
	w := newWorldIn(t, dir, newKindsWith(diskFiles{dir}))
	dry := w.sweep(entity.SweepOptions{Dry: true, Thorough: true})
	wet := w.sweep(entity.SweepOptions{Thorough: true})
	if len(dry.Rows) != len(wet.Rows) || dry.Bytes() != wet.Bytes() {
		t.Errorf("dry run %+v, sweep %+v", dry.Rows, wet.Rows)
	}
	if n, err := w.m.Pending(); n != 0 || err != nil {
		t.Errorf("%d triggers are not finished, %v", n, err)
	}
	w.check(w.m.Check(context.Background(), func(f entity.Finding) {
		if !strings.Contains(f.What, "the file is gone") { // it was noted and not made yet
			t.Errorf("%v", f)
		}
	}))
	has := func(k *entity.Kind[rec], id ...string) (ok bool) {
		w.check(w.m.View(k.Class().Lifetime, func(tx *kv.Tx) (err error) {
			_, ok, err = k.Table.Get(tx, key(id...))
			return err
		}))
		return ok
	}
	done := func(what string) bool { return strings.Contains(did, what+"\n") }
	for _, n := range []string{"a", "b"} {
		var tree bool
		w.check(w.m.View(entity.Persistent, func(tx *kv.Tx) (err error) { tree, err = nodeExists(tx, n); return err }))
		_, bytes, err := diskFiles{dir}.Size(n)
		w.check(err)
		if whole := has(w.k.shape, n) && has(w.k.summary, n, "1") && bytes > 0; done("made "+n) && whole != tree {
			t.Errorf("node %s in the tree: %v, whole: %v", n, tree, whole)
		}
		if done("purged") && tree || done("made "+n) && !done("idled b9") && !tree {
			t.Errorf("node %s in the tree: %v after %q", n, tree, did)
		}
	}
	for what, gone := range map[string]bool{
		"completed a0": has(w.k.session, "a0"), "completed a1": has(w.k.session, "a1"), "closed a": has(w.k.session, "a2"),
		"discarded b": has(w.k.copy, "b") || has(w.k.session, "b2"), "idled b9": has(w.k.session, "b9"),
	} {
		if done(what) && gone {
			t.Errorf("%s, and it is there", what)
		}
	}
	if done("completed a1") && !done("idled b9") && len(w.scratchFiles("buffers.db")) == 0 {
		t.Errorf("outputs that were to be kept are gone")
	}
}
