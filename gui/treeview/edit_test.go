package treeview

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// renames notes what is asked for; it refuses "bad".
func (b *bench) renames() *[]string {
	asked := &[]string{}
	b.OnRename = func(n engine.Node, name string, done func(error)) {
		*asked = append(*asked, n.ID+"="+name)
		if name == "bad" {
			done(errors.New("That name is taken here already"))
			return
		}
		done(nil)
	}
	return asked
}

func TestRenameInPlace(t *testing.T) {
	b := newBench(t, europe())
	asked := b.renames()
	b.Choose("World")
	b.w.Canvas().Focus(b.Tree)
	b.key(fyne.KeyF2)
	entry := b.rename.entry
	if b.w.Canvas().Focused() != entry || entry.Text != "World" || !entry.Visible() || b.view("World").name.Visible() {
		t.Fatalf("focused %T, entry %q", b.w.Canvas().Focused(), entry.Text)
	}
	test.Type(entry, "bad") // all was chosen: typing replaces it
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !b.rename.fault.Visible() || !strings.Contains(b.texts(), "taken here") || b.w.Canvas().Focused() != entry || entry.Text != "bad" {
		t.Errorf("refused: texts %q, entry %q", b.texts(), entry.Text)
	}
	entry.SetText("Earth")
	if b.rename.fault.Visible() {
		t.Error("the fault stays while it is mended")
	}
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if entry.Visible() || b.w.Canvas().Focused() != b.Tree {
		t.Error("the entry stays")
	}
	b.key(fyne.KeyF2)
	entry.SetText("Nowhere")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.key(fyne.KeyF2)
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // the same name: nothing to do
	b.key(fyne.KeyF2)
	entry.SetText("Left")
	b.w.Canvas().Focus(b.Tree) // a click elsewhere counts
	b.key(fyne.KeyF2)
	entry.SetText("bad")
	b.w.Canvas().Unfocus()
	if !entry.Visible() || !b.rename.fault.Visible() {
		t.Error("a name that was refused is dropped at the first click elsewhere")
	}
	b.w.Canvas().Focus(entry)
	b.w.Canvas().Unfocus() // leaving it a second time lets go
	if got := strings.Join(*asked, " "); got != "World=bad World=Earth World=Left World=bad" {
		t.Errorf("asked %s", got)
	}
	if entry.Visible() || b.rename.fault.Visible() {
		t.Error("the entry stays")
	}
	b.Choose(tree.Trash)
	b.key(fyne.KeyF2)
	if entry.Visible() {
		t.Error("the trash can be renamed")
	}
}

func TestRenameEndsWithItsNode(t *testing.T) {
	b := newBench(t, europe())
	b.renames()
	b.Choose("World")
	b.Rename()
	b.f.of[""] = []string{"Asia/"}
	b.Reload()
	if b.rename.id != "" || b.rename.entry.Visible() {
		t.Error("the entry stays without its row")
	}
}

// drag moves a row to the middle of another, in steps as a hand does.
func (b *bench) drag(from, to string) {
	b.t.Helper()
	b.dragTo(from, b.middle(to))
}

func (b *bench) middle(id string) fyne.Position {
	r := b.view(id)
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(r).AddXY(100, rowHeight/2)
}

func (b *bench) dragTo(from string, at fyne.Position) {
	b.view(from).Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at}})
}

func TestDragOntoFolder(t *testing.T) {
	b := newBench(t, europe())
	b.Choose("Europe/")
	b.key(fyne.KeyRight)
	b.drag("World", "Asia/")
	if b.view("Asia/").look.mark != welcome || !strings.Contains(b.texts(), "Move “World” to “Asia”") || !b.Tree.drag.flag.Visible() {
		t.Errorf("mark %v, texts %q", b.view("Asia/").look.mark, b.texts())
	}
	b.view("World").DragEnd()
	if b.moved != "World>Asia/" || b.Tree.drag.flag.Visible() || b.view("Asia/").look.mark != unmarked {
		t.Errorf("moved %q", b.moved)
	}
	for _, tt := range []struct{ from, to, moved string }{
		{"Italy", "World", "Italy>"},                 // on a shape: to its folder, the top
		{"World", "Italy", "World>Europe/"},          // the same, inside a folder
		{"Italy", tree.Trash, "Italy>" + tree.Trash}, // deletes
		{"France", "North/", "France>North/"},
	} {
		b.moved = ""
		b.drag(tt.from, tt.to)
		b.view(tt.from).DragEnd()
		if b.moved != tt.moved {
			t.Errorf("%s on %s: moved %q, want %q; said %q", tt.from, tt.to, b.moved, tt.moved, b.said)
		}
	}
}

func TestDragThatIsRefused(t *testing.T) {
	b := newBench(t, europe())
	b.Reveal(b.f.path("Europe/", "North/", "Norway"), nil)
	n := b.model.nodes["World"]
	n.Session = session.Running
	b.model.nodes["World"] = n
	for _, tt := range []struct{ from, to, row, want string }{
		{"Europe/", "Europe/", "Europe/", "“Europe” cannot go into itself"},
		{"Europe/", "North/", "North/", "“Europe” cannot go into a folder that is in it"},
		{"Italy", "Europe/", "Europe/", "“Italy” is there already"},
		{"World", "Asia/", "Asia/", "A session of “World” runs: stop it first"},
	} {
		b.drag(tt.from, tt.to)
		if b.view(tt.row).look.mark != refused || !strings.Contains(b.texts(), "✕ "+tt.want) {
			t.Errorf("%s on %s: mark %v, texts %q", tt.from, tt.to, b.view(tt.row).look.mark, b.texts())
		}
		b.view(tt.from).DragEnd()
		if b.moved != "" || b.said != tt.want {
			t.Errorf("%s on %s: moved %q, said %q", tt.from, tt.to, b.moved, b.said)
		}
	}
}

func TestDragOfSeveral(t *testing.T) {
	b := newBench(t, europe())
	b.Reveal(b.f.path("Europe/", "North/", "Norway"), nil)
	b.click("Norway", 0)
	b.click("North/", fyne.KeyModifierShortcutDefault)
	b.click("Italy", fyne.KeyModifierShortcutDefault)
	b.drag("Italy", "Asia/")
	b.view("Italy").DragEnd()
	if b.moved != "North/,Italy>Asia/" {
		t.Errorf("moved %q: what goes with its folder is not moved again", b.moved)
	}
}

func TestDragThatIsGivenUp(t *testing.T) {
	b := newBench(t, europe())
	b.drag("World", "Asia/")
	b.key(fyne.KeyEscape)
	b.drag("World", "Asia/") // the hand still moves
	b.view("World").DragEnd()
	b.dragTo("World", fyne.NewPos(900, 50)) // out of the tree
	b.view("World").DragEnd()
	b.drag("trash", "Asia/")
	b.view("trash").DragEnd()
	if b.moved != "" {
		t.Errorf("moved %q", b.moved)
	}
	b.drag("World", "Asia/")
	b.view("World").DragEnd()
	if b.moved != "World>Asia/" {
		t.Error("a drag after one that was given up does nothing")
	}
}

func TestHoldingOverAFolderOpensIt(t *testing.T) {
	b := newBench(t, europe())
	b.drag("World", "Europe/")
	b.drag("World", "Europe/")
	b.want("Asia/", "Europe/", "World")
	b.now = b.now.Add(time.Second)
	b.drag("World", "Europe/")
	b.want("Asia/", "Europe/", " North/", " France", " Italy", "World")
}

func TestDraggingToTheEdgeScrolls(t *testing.T) {
	b := newBench(t, map[string][]string{"": many(100)})
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(b.Tree)
	for range 5 {
		b.Tree.dragged("node 000001", origin.AddXY(50, b.Size().Height-2))
	}
	if b.scroll.Offset.Y != 5*rowHeight {
		t.Errorf("scrolled by %v", b.scroll.Offset.Y)
	}
	for range 9 {
		b.Tree.dragged("node 000001", origin.AddXY(50, 2))
	}
	if b.scroll.Offset.Y != 0 {
		t.Errorf("scrolled back to %v", b.scroll.Offset.Y)
	}
}
