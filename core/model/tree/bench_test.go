package tree

import (
	"fmt"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// forest makes 100,000 nodes: a folder of 10,000 shapes ("big"), and 90 with
// 1,000 shapes each ("all/…").
func forest(b *testing.B) *garden {
	g := newGarden(b)
	// A thousand at a time: pages are split at the end of a transaction only, so
	// that one of all would be slow.
	add := func(parent, name string) {
		nodes := make([]New, 1000)
		for i := range nodes {
			nodes[i] = New{Type: Shape, Name: fmt.Sprintf("%s %d", name, i)}
		}
		g.must(func(tx *kv.Tx) error {
			_, err := g.tree.Graft(tx, Graft{What: "import", Parent: parent, Nodes: nodes})
			return err
		})
	}
	big := g.make("big/")
	for i := range 10 {
		add(big, fmt.Sprintf("Région %d", i))
	}
	g.make("all/")
	for f := range 90 {
		add(g.make(fmt.Sprintf("all/Country %d/", f)), fmt.Sprintf("Município %d", f))
	}
	g.reopen()
	b.ReportAllocs()
	b.ResetTimer()
	return g
}

func BenchmarkOpenAndList(b *testing.B) {
	g := forest(b)
	for b.Loop() {
		g.reopen()
		g.must(func(tx *kv.Tx) error { _, err := Children(tx, Root, nil, 0); return err })
	}
}

func BenchmarkExpandTenThousand(b *testing.B) {
	g := forest(b)
	id := g.id("big")
	for b.Loop() {
		if err := g.db.View(func(tx *kv.Tx) error {
			list, err := Children(tx, id, nil, 0)
			if len(list) != 10_000 {
				b.Errorf("%d children", len(list))
			}
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	g := forest(b)
	for _, text := range []string{"regiao", "regi", "999", "i"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if err := g.db.View(func(tx *kv.Tx) error { _, err := Search(tx, text, 100); return err }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The undo of the deletion of a folder with 90,000 nodes, and its redo.
func BenchmarkUndoAndRedoOfAll(b *testing.B) {
	g := forest(b)
	if err := g.delete("all"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		g.undo()
		g.redo()
	}
}

func BenchmarkPurgeAll(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		g := forest(b)
		if err := g.delete("all"); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		g.must(func(tx *kv.Tx) error { _, err := g.tree.EmptyTrash(tx); return err })
	}
}
