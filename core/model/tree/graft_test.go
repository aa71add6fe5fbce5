package tree

import (
	"slices"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Names are unique among what is there and what comes in, at the top and below.
func TestAGraftNumbersNames(t *testing.T) {
	g := newGarden(t)
	g.make("in/")
	g.make("in/Rome")
	var got []string
	g.must(func(tx *kv.Tx) error {
		made, err := g.tree.Graft(tx, Graft{What: "import", Parent: g.idIn(tx, "in"), Nodes: []New{
			{Type: Shape, Name: "rome"},
			{ID: "f", Type: Folder, Name: "Rome"},
			{Parent: "f", Type: Shape, Name: "Rome"},
			{Parent: "f", Type: Folder, Name: "ROME"},
			{Parent: "f", Type: Shape, Name: "Rome (2)"},
			{Type: Shape, Name: "Oslo"},
		}})
		for _, n := range made {
			got = append(got, n.Name)
			stored, err := Get(tx, n.ID)
			if err != nil || stored.Name != n.Name || stored.Version != 1 || !stored.Created.Equal(n.Created) {
				t.Errorf("made %+v, stored %+v, %v", n, stored, err)
			}
		}
		return err
	})
	want := []string{"rome (2)", "Rome (3)", "Rome", "ROME (2)", "Rome (3)", "Oslo"}
	if !slices.Equal(got, want) {
		t.Errorf("named %q, want %q", got, want)
	}
	g.must(func(tx *kv.Tx) error {
		return Check(tx, func(f Finding) { t.Errorf("found: %+v", f) })
	})
}

// One graft of all, as an import makes it: 100,000 nodes in 100 folders.
func BenchmarkGraftAll(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		garden := newGarden(b)
		var g Graft
		for range 100 {
			folder := garden.tree.NewID()
			g.Nodes = append(g.Nodes, New{ID: folder, Type: Folder, Name: folder})
			for range 999 {
				id := garden.tree.NewID()
				g.Nodes = append(g.Nodes, New{ID: id, Parent: folder, Type: Shape, Name: id})
			}
		}
		b.StartTimer()
		garden.must(func(tx *kv.Tx) error { _, err := garden.tree.Graft(tx, g); return err })
	}
}
