package engine

import (
	"errors"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/tree"
)

// A draft of a node to be is named as nodes are: by id, path, or a name that
// nothing else has. Which of two is meant never depends on an order.
func TestDraftsAreFoundAsNodesAre(t *testing.T) {
	e := openEngine(t, t.TempDir())
	ctx := t.Context()
	europe, err := e.CreateFolder(ctx, tree.Root, "Europe")
	if err != nil {
		t.Fatal(err)
	}
	drafted := func(parent, name string) string {
		t.Helper()
		ed, err := e.New(ctx, parent, NewShape{Name: name})
		if err == nil {
			err = e.KeepDraft(ctx, ed.Node)
		}
		if err != nil {
			t.Fatal(err)
		}
		return ed.Node
	}
	italy, top := drafted(europe.ID, "Italy"), drafted(tree.Root, "Italy")
	spain, malta, twin := drafted(europe.ID, "Spain"), drafted(europe.ID, "Malta"), drafted(europe.ID, "Malta")
	if _, err := e.CreateFolder(ctx, tree.Root, "Spain"); err != nil {
		t.Fatal(err)
	}
	inner, err := e.CreateFolder(ctx, europe.ID, "Inner")
	if err != nil {
		t.Fatal(err)
	}
	alone := drafted(inner.ID, "Alone")
	for ref, want := range map[string]string{
		"Europe/Italy": italy, "/europe/ITALY": italy, "Italy": top, italy: italy,
		"Europe/Spain": spain, "Europe/Inner/Alone": alone, "alone": alone,
	} {
		if n, err := e.Find(ctx, ref); err != nil || n.ID != want || !n.New {
			t.Errorf("%s: %+v, %v", ref, n, err)
		}
	}
	for range 8 { // as often as a map would need to show its order
		_, err := e.Find(ctx, "Malta")
		if !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), malta) || !strings.Contains(err.Error(), twin) {
			t.Fatalf("two drafts of one name: %v", err)
		}
		if _, err := e.Find(ctx, "Europe/Malta"); !errors.Is(err, ErrAmbiguous) {
			t.Fatalf("two drafts at one path: %v", err)
		}
	}
	for _, ref := range []string{"Europe/Nobody", "Nobody", "Italy/Europe"} {
		if _, err := e.Find(ctx, ref); !errors.Is(err, ErrNoNode) {
			t.Errorf("%s: %v", ref, err)
		}
	}
}
