package tree

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func TestSearch(t *testing.T) {
	g := newGarden(t)
	g.make("São Paulo", "Sao", "Old/", "Old/sao hidden", "Bissao", "Ilha São/", "Ilha São/so", "SÃO", "gone sao", "日本/", "日本/北海道")
	if err := g.delete("Old", "gone sao"); err != nil {
		t.Fatal(err)
	}
	find := func(text string, limit int) string {
		var names []string
		g.must(func(tx *kv.Tx) error {
			hits, err := Search(tx, text, limit)
			for _, h := range hits {
				names = append(names, h.Node.Name)
			}
			return err
		})
		return strings.Join(names, ", ")
	}
	g.make("undone sao")
	g.undo()
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"sao", 10, "Sao, SÃO, São Paulo, Ilha São, Bissao"},
		{"SÃO", 3, "Sao, SÃO, São Paulo"},
		{" são ", 4, "Sao, SÃO, São Paulo, Ilha São"},
		{"海", 10, "北海道"},
		{"", 10, ""},
		{"  ", 10, ""},
		{"sao", 0, ""},
		{"none", 10, ""},
	} {
		if got := find(c.text, c.limit); got != c.want {
			t.Errorf("%q, %d: %s\nwant: %s", c.text, c.limit, got, c.want)
		}
	}
}

func TestPagingShowsEveryChildOnce(t *testing.T) {
	g := newGarden(t)
	g.make("b", "a", "Z/", "c", "Y/", "a (2)", "Z/inside")
	var names []string
	g.must(func(tx *kv.Tx) error {
		var after *Node
		for {
			page, err := Children(tx, Root, after, 2)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, n := range page {
				names = append(names, n.Name)
			}
			after = &page[len(page)-1]
			if after.Name == "a" { // what was listed last may go meanwhile
				if _, err := g.tree.Delete(tx, []string{after.ID}); err != nil {
					return err
				}
			}
		}
	})
	if diff := cmp.Diff([]string{"Y", "Z", "a", "a (2)", "b", "c"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestFinding(t *testing.T) {
	g := newGarden(t)
	g.make("A/", "A/x", "B/", "B/X", "B/y")
	if err := g.delete("B/y"); err != nil {
		t.Fatal(err)
	}
	g.must(func(tx *kv.Tx) error {
		list, err := Named(tx, "x", 0)
		if len(list) != 2 {
			t.Errorf("named x: %+v", list)
		}
		if gone, err := Named(tx, "y", 0); err != nil || len(gone) > 0 {
			t.Errorf("named y: %+v, %v", gone, err)
		}
		if _, err := Find(tx, "A/y"); err == nil || !strings.Contains(err.Error(), "“y”") {
			t.Errorf("no such path: %v", err)
		}
		if n, err := Find(tx, "/a/X/"); err != nil || n.Name != "x" {
			t.Errorf("path: %+v, %v", n, err)
		}
		return err
	})
}
