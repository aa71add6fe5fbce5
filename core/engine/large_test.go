package engine

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// plant makes n folders, ten thousand of them in one.
func plant(tb testing.TB, e *Engine, n int) (full string) {
	tb.Helper()
	parent := tree.Root
	for i := 0; i < n; {
		if i%10_000 == 0 {
			f, err := e.CreateFolder(context.Background(), tree.Root, fmt.Sprint("Folder ", i/10_000))
			if err != nil {
				tb.Fatal(err)
			}
			parent = f.ID
		}
		g := tree.Graft{What: "plant", Parent: parent}
		for range min(1000, n-i) {
			g.Nodes = append(g.Nodes, tree.New{Type: tree.Folder, Name: fmt.Sprintf("Node %d of the forest", i)})
			i++
		}
		if err := e.core(func(tx *kv.Tx) error {
			_, err := e.tree.Graft(tx, g)
			return err
		}); err != nil {
			tb.Fatal(err)
		}
	}
	return parent
}

// BenchmarkLargeTree measures what people wait for in a tree of 100,000 nodes.
func BenchmarkLargeTree(b *testing.B) {
	ctx, dir := context.Background(), b.TempDir()
	e, err := Open(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	full := plant(b, e, 100_000)
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	report := func(what string, fn func() error) {
		began := time.Now()
		if err := fn(); err != nil {
			b.Fatal(what, err)
		}
		b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms-"+what)
	}
	for b.Loop() {
		report("open", func() (err error) { e, err = Open(ctx, dir, slog.New(slog.DiscardHandler)); return err })
		report("top", func() error { _, err := e.Children(ctx, tree.Root); return err })
		report("expand-10k", func() error {
			nodes, err := e.Children(ctx, full)
			if len(nodes) != 10_000 {
				return fmt.Errorf("%d nodes: %w", len(nodes), err)
			}
			return err
		})
		report("search", func() error { _, err := e.Search(ctx, "99", 50); return err })
		report("search-none", func() error { _, err := e.Search(ctx, "zzzz", 50); return err })
		report("delete-10k", func() error { return e.Delete(ctx, []string{full}) })
		report("undo", func() error { _, err := e.Undo(ctx); return err })
		report("close", e.Close)
	}
}
