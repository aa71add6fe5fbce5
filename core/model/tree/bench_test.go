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
	nodes := []New{{ID: "big", Type: Folder, Name: "big"}, {ID: "all", Type: Folder, Name: "all"}}
	for i := range 10_000 {
		nodes = append(nodes, New{ID: fmt.Sprintf("big-%05d", i), Parent: "big", Type: Shape, Name: fmt.Sprintf("Région %d", i)})
	}
	for f := range 90 {
		folder := fmt.Sprintf("f%02d", f)
		nodes = append(nodes, New{ID: folder, Parent: "all", Type: Folder, Name: fmt.Sprintf("Country %d", f)})
		for i := range 1000 {
			nodes = append(nodes, New{ID: fmt.Sprintf("%s-%04d", folder, i), Parent: folder, Type: Shape, Name: fmt.Sprintf("Município %d of %d", i, f)})
		}
	}
	g.must(func(tx *kv.Tx) error { _, err := g.tree.Graft(tx, Graft{What: "import", Nodes: nodes}); return err })
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

// The undo of an import of 100,000 nodes, and its redo.
func BenchmarkUndoAndRedoOfAll(b *testing.B) {
	g := forest(b)
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
