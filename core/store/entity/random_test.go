package entity_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"pgregory.net/rapid"
)

// is is all that there is, one a line, as model.should has it.
func (w *world) is() []string {
	var out []string
	for _, r := range w.k.list() {
		k, ok := r.(*entity.Kind[rec])
		if !ok || k == w.k.template {
			continue
		}
		if k.Home() == entity.ScratchDB {
			for _, f := range w.scratchFiles(k.Table.Name + ".db") {
				out = append(out, k.Name()+" "+filepath.Base(filepath.Dir(f)))
			}
			continue
		}
		w.check(w.m.View(k.Class().Lifetime, func(tx *kv.Tx) error {
			for v, err := range k.Table.All(tx, nil) {
				if err != nil {
					return err
				}
				line := k.Name() + " " + k.Table.Key(&v).String()
				if k == w.k.source {
					line += "/" + strings.Join(v.Strong, "+") + "/" + strings.Join(v.Weak, "+")
				}
				out = append(out, line)
			}
			return nil
		}))
	}
	for n := range w.k.store.files {
		out = append(out, "VectorTile "+n)
	}
	slices.Sort(out)
	return out
}

// machine does the same to the manager and to the model.
type machine struct {
	*world
	*model
	ids int
}

func (m *machine) id(prefix string) string {
	m.ids++
	return fmt.Sprintf("%s%03d", prefix, m.ids)
}

func pick[V any](t *rapid.T, what string, from map[string]V) string {
	keys := slices.Sorted(maps.Keys(from))
	if len(keys) == 0 {
		t.Skip("none")
	}
	return rapid.SampledFrom(keys).Draw(t, what)
}

func (m *machine) addNode(*rapid.T) {
	n := m.id("n")
	m.node(n)
	m.create(m.k.shape, rec{Node: n})
	m.create(m.k.summary, rec{Node: n, ID: "1"})
	m.k.store.files[n] = 1000
	m.nodes[n], m.shapes[n], m.files[n], m.summaries[n+"/1"] = true, true, true, true
}

func (m *machine) addCopy(t *rapid.T) {
	ahead := rapid.Bool().Draw(t, "ahead")
	n := m.id("new")
	if !ahead {
		n = pick(t, "node", m.nodes)
	}
	if m.copies[n] != nil {
		t.Skip("it has one")
	}
	c := &modelCopy{ahead, rapid.Bool().Draw(t, "draft")}
	m.create(m.k.copy, rec{Node: n, New: c.ahead, Draft: c.draft})
	m.copies[n] = c
}

func (m *machine) addSession(t *rapid.T) {
	n, id := pick(t, "node", m.nodes), m.id("s")
	active := rapid.Bool().Draw(t, "active")
	m.create(m.k.session, rec{ID: id, Session: id, Node: n, Active: active})
	m.sessions[id] = &modelSession{n, active, m.now}
	for i := range rapid.IntRange(0, 3).Draw(t, "tasks") {
		task := fmt.Sprint("t", i)
		m.create(m.k.task, rec{ID: task, Session: id, Node: n})
		m.create(m.k.dependency, rec{ID: task, Session: id})
		m.tasks[id+"/"+task] = id
	}
}

func (m *machine) write(t *rapid.T) {
	id := pick(t, "session", m.sessions)
	k := rapid.SampledFrom([]*entity.Kind[rec]{m.k.buffer, m.k.tile}).Draw(t, "kind")
	f := m.bulk[[2]string{id, k.Name()}]
	err := put(m.scratch(id), k, m.id("b"))
	if f != nil && f.dropped {
		if !errors.Is(err, entity.ErrLost) {
			t.Fatalf("write to what was dropped: %v", err)
		}
		err = m.scratch(id).Rebuild(k)
	}
	m.check(err)
	m.bulk[[2]string{id, k.Name()}] = &modelFile{node: m.sessions[id].node, accessed: m.now}
}

func (m *machine) toggle(t *rapid.T) {
	id := pick(t, "session", m.sessions)
	s := m.sessions[id]
	s.active = !s.active
	m.setActive(id, s.active)
}

func (m *machine) touch(t *rapid.T) {
	id := pick(t, "session", m.sessions)
	m.update(entity.Ephemeral, func(tx *kv.Tx) error { return m.k.session.Touch(tx, key(id), m.now) })
	m.sessions[id].accessed = m.now
}

func (m *machine) refer(t *rapid.T) {
	n, hash := pick(t, "node", m.nodes), rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "hash")
	strong := rapid.Bool().Draw(t, "strong")
	m.update(entity.Persistent, func(tx *kv.Tx) error {
		_, isNew, err := m.k.source.PutShared(tx, rec{Hash: hash}, m.now)
		if isNew != (m.shared[hash] == nil) {
			t.Fatalf("%s is new: %v", hash, isNew)
		}
		strength := entity.Weak
		if strong {
			strength = entity.Strong
		}
		return firstErr(err, m.k.source.AddRef(tx, key(hash), n, strength, m.now))
	})
	if m.shared[hash] == nil {
		m.shared[hash] = &modelShared{map[string]bool{}, map[string]bool{}}
	}
	s := m.shared[hash]
	delete(s.strong, n)
	delete(s.weak, n)
	if strong {
		s.strong[n] = true
	} else {
		s.weak[n] = true
	}
}

func (m *machine) unreferOne(t *rapid.T) {
	n, hash := pick(t, "node", m.nodes), pick(t, "hash", m.shared)
	s := m.shared[hash]
	had := s.strong[n] || s.weak[n]
	delete(s.strong, n)
	delete(s.weak, n)
	last := had && len(s.strong)+len(s.weak) == 0
	if last {
		delete(m.shared, hash)
	}
	m.update(entity.Persistent, func(tx *kv.Tx) error {
		gone, err := m.k.source.DropRef(tx, key(hash), n)
		if gone != last {
			t.Fatalf("%s is gone: %v", hash, gone)
		}
		return err
	})
}

func (m *machine) deleteShared(t *rapid.T) {
	hash := pick(t, "hash", m.shared)
	err := m.m.Update(entity.Persistent, func(tx *kv.Tx) error { return m.k.source.Delete(tx, key(hash)) })
	if blocked := len(m.shared[hash].strong) > 0; blocked != errors.Is(err, entity.ErrReferenced) || !blocked && err != nil {
		t.Fatalf("delete with %d strong references: %v", len(m.shared[hash].strong), err)
	}
	if err == nil {
		delete(m.shared, hash)
	}
}

func (m *machine) finishSession(t *rapid.T) {
	id, keep := pick(t, "session", m.sessions), rapid.Bool().Draw(t, "keep")
	_, err := m.m.SessionComplete(context.Background(), id, keep)
	if m.sessions[id].active {
		if !errors.Is(err, entity.ErrSessionActive) {
			t.Fatalf("complete an active session: %v", err)
		}
		return
	}
	m.check(err)
	m.complete(id, keep)
}

func (m *machine) closeDialog(t *rapid.T) {
	n := pick(t, "node", m.nodes)
	_, err := m.m.DialogClose(context.Background(), n)
	m.check(err)
	m.dialogClose(n)
}

func (m *machine) discardCopy(t *rapid.T) {
	n := pick(t, "copy", m.copies)
	_, err := m.m.WorkingCopyDiscard(context.Background(), n)
	m.check(err)
	m.discard(n)
}

func (m *machine) purgeNode(t *rapid.T) {
	n := pick(t, "node", m.nodes)
	for _, id := range m.of(n) {
		if m.model.sessions[id].active {
			t.Skip("a session runs")
		}
	}
	_, err := m.m.NodesPurged(context.Background(), []string{n}, func(tx *kv.Tx) error {
		_, err := nodes().Delete(tx, key(n))
		return err
	})
	m.check(err)
	m.purge(n)
}

// loseNode takes a node away as nobody should, as when core.db is replaced by
// an older one.
func (m *machine) loseNode(t *rapid.T) {
	n := pick(t, "node", m.nodes)
	m.update(entity.Persistent, func(tx *kv.Tx) error { _, err := nodes().Delete(tx, key(n)); return err })
	delete(m.nodes, n)
}

func (m *machine) sweepBoth(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
	thorough := rapid.Bool().Draw(t, "thorough")
	before := m.is()
	dry := m.world.sweep(entity.SweepOptions{Dry: true, Thorough: thorough})
	if d := cmp.Diff(before, m.is()); d != "" {
		t.Fatalf("a dry run has deleted:\n%s", d)
	}
	wet := m.world.sweep(entity.SweepOptions{Thorough: thorough})
	dry.Dry = false
	if d := cmp.Diff(dry, wet); d != "" {
		t.Fatalf("dry run (-) and sweep (+) differ:\n%s", d)
	}
	m.model.sweep(m.now, thorough)
	if again := m.world.sweep(entity.SweepOptions{Thorough: thorough}); len(again.Rows) > 0 {
		t.Fatalf("swept again: %+v", again.Rows)
	}
	if thorough {
		m.clean()
	}
}

func (m *machine) compare(t *rapid.T) {
	if d := cmp.Diff(m.should(), m.is()); d != "" {
		t.Fatalf("model (-) and databases (+) differ:\n%s", d)
	}
}

// Random lives: what there is is what plain rules over plain maps say.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{world: newWorldIn(rt, t.TempDir(), newKinds()), model: newModel()}
		rt.Repeat(map[string]func(*rapid.T){
			"node": m.addNode, "copy": m.addCopy, "session": m.addSession, "write": m.write, "toggle": m.toggle, "touch": m.touch,
			"refer": m.refer, "unrefer": m.unreferOne, "delete": m.deleteShared, "complete": m.finishSession,
			"close": m.closeDialog, "discard": m.discardCopy, "purge": m.purgeNode, "lose": m.loseNode, "sweep": m.sweepBoth,
			"reopen": func(*rapid.T) { m.reopen() },
			"":       m.compare,
		})
	})
}
