package entity_test

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// model is what there should be, kept in plain maps by plain rules.
type model struct {
	nodes     map[string]bool
	shapes    map[string]bool
	summaries map[string]bool
	files     map[string]bool
	copies    map[string]*modelCopy    // by node
	sessions  map[string]*modelSession // by id
	tasks     map[string]string        // session by session/id
	bulk      map[[2]string]*modelFile // by session and kind
	shared    map[string]*modelShared  // by hash
}

type modelCopy struct{ ahead, draft bool }

type modelSession struct {
	node     string
	active   bool
	accessed time.Time
}

type modelFile struct {
	node     string
	accessed time.Time
	kept     bool
	dropped  bool // only its note is left
}

type modelShared struct{ strong, weak map[string]bool }

func newModel() *model {
	return &model{
		map[string]bool{},
		map[string]bool{},
		map[string]bool{},
		map[string]bool{},
		map[string]*modelCopy{},
		map[string]*modelSession{},
		map[string]string{},
		map[[2]string]*modelFile{},
		map[string]*modelShared{},
	}
}

// idleOf is the table of idle times.
func idleOf(kind string) time.Duration {
	switch kind {
	case "BatchBuffer":
		return bufferIdle
	case "TileBuffer":
		return tileIdle
	}
	return featureIdle
}

func (m *model) of(node string) (sessions []string) {
	for _, id := range slices.Sorted(maps.Keys(m.sessions)) {
		if m.sessions[id].node == node {
			sessions = append(sessions, id)
		}
	}
	return sessions
}

// dropSession removes a session with its tasks, and of its files those that
// want says; kept ones stay.
func (m *model) dropSession(id string, want func(kind string) bool) {
	delete(m.sessions, id)
	maps.DeleteFunc(m.tasks, func(_, session string) bool { return session == id })
	maps.DeleteFunc(m.bulk, func(k [2]string, f *modelFile) bool { return k[0] == id && !f.kept && want(k[1]) })
}

func all(string) bool       { return true }
func notTile(k string) bool { return k != "TileBuffer" }

func (m *model) complete(id string, keep bool) {
	for k, f := range m.bulk {
		f.kept = f.kept || keep && k[0] == id && !f.dropped
	}
	m.dropSession(id, all)
}

func (m *model) dialogClose(node string) {
	for _, id := range m.of(node) {
		if !m.sessions[id].active {
			m.dropSession(id, notTile)
		}
	}
}

func (m *model) discard(node string) {
	delete(m.copies, node)
	for _, id := range m.of(node) {
		if !m.sessions[id].active {
			m.dropSession(id, all)
		}
	}
	maps.DeleteFunc(m.bulk, func(_ [2]string, f *modelFile) bool { return f.kept && f.node == node })
}

func (m *model) purge(node string) {
	m.discard(node)
	delete(m.nodes, node)
	delete(m.shapes, node)
	delete(m.files, node)
	maps.DeleteFunc(m.summaries, func(k string, _ bool) bool { return strings.HasPrefix(k, node+"/") })
	m.unrefer(func(n string) bool { return n == node })
}

// unrefer takes back references; what loses its last is gone.
func (m *model) unrefer(gone func(node string) bool) {
	for hash, s := range m.shared {
		before := len(s.strong) + len(s.weak)
		for _, refs := range []map[string]bool{s.strong, s.weak} {
			maps.DeleteFunc(refs, func(n string, _ bool) bool { return gone(n) })
		}
		if before > 0 && len(s.strong)+len(s.weak) == 0 {
			delete(m.shared, hash)
		}
	}
}

func (m *model) sweep(now time.Time, thorough bool) {
	nodeGone := func(n string) bool { return thorough && !m.nodes[n] }
	for _, id := range slices.Sorted(maps.Keys(m.sessions)) {
		s := m.sessions[id]
		if !s.active && now.Sub(s.accessed) > sessionIdle || nodeGone(s.node) {
			m.dropSession(id, all)
		}
	}
	for k, f := range m.bulk {
		s := m.sessions[k[0]]
		switch {
		case f.kept && nodeGone(f.node), !f.kept && s == nil:
			delete(m.bulk, k)
		case f.kept || s.active || f.dropped:
		case now.Sub(f.accessed) > idleOf(k[1]) && now.Sub(s.accessed) > idleOf(k[1]):
			f.dropped = true
		}
	}
	if !thorough {
		return
	}
	maps.DeleteFunc(m.copies, func(n string, c *modelCopy) bool { return nodeGone(n) && !c.ahead })
	maps.DeleteFunc(m.shapes, func(n string, _ bool) bool { return nodeGone(n) })
	maps.DeleteFunc(m.files, func(n string, _ bool) bool { return nodeGone(n) })
	maps.DeleteFunc(m.summaries, func(k string, _ bool) bool { n, _, _ := strings.Cut(k, "/"); return nodeGone(n) })
	m.unrefer(nodeGone)
}

// should is all that there should be, one a line.
func (m *model) should() []string {
	var out []string
	add := func(kind string, keys ...string) { out = append(out, kind+" "+strings.Join(keys, "/")) }
	for n := range m.shapes {
		add("ShapesEntity", n)
	}
	for k := range m.summaries {
		add("RunSummary", k)
	}
	for n := range m.files {
		add("VectorTile", n)
	}
	for n := range m.copies {
		add("ShapesWorkingCopy", n)
	}
	for id := range m.sessions {
		add("BatchSession", id)
	}
	for k := range m.tasks {
		add("BatchTask", k)
		add("TaskDependency", k)
	}
	for k, f := range m.bulk {
		if !f.dropped {
			add(k[1], k[0])
		}
	}
	for h, s := range m.shared {
		add("SourceData", h, strings.Join(slices.Sorted(maps.Keys(s.strong)), "+"), strings.Join(slices.Sorted(maps.Keys(s.weak)), "+"))
	}
	slices.Sort(out)
	return out
}
