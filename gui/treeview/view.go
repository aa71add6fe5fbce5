package treeview

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Host is what a Tree stands on.
type Host struct {
	Tasks  *kit.Tasks
	Engine Engine
	Now    func() time.Time // nil is time.Now; tests bring their own
}

// Tree is the tree of nodes. All its methods belong to the window's goroutine.
type Tree struct {
	widget.BaseWidget

	// OnChosen is told what is chosen when a person, or the end of what was
	// chosen before, has changed that. trash tells that the trash's row is.
	OnChosen func(nodes []engine.Node, trash bool)
	// OnNews is told the same choice when the folders have been listed anew:
	// what is known of the nodes may have changed.
	OnNews func(nodes []engine.Node, trash bool)
	// OnOpen is told the shape that was opened by Enter or a double click.
	OnOpen func(engine.Node)
	// OnMenu is asked for a menu about what is chosen, at a place on the canvas.
	OnMenu func(at fyne.Position)
	// OnRename is asked to rename; it calls done with what became of it.
	OnRename func(n engine.Node, name string, done func(error))
	// OnDelete is asked to delete what is chosen.
	OnDelete func()
	// OnMove is asked to move nodes; parent may be tree.Trash.
	OnMove func(ids []string, parent string)
	// OnEscape is called when Escape has nothing left to end here.
	OnEscape func()
	// OnHover is told the node under the pointer.
	OnHover func(engine.Node)
	// OnSay is told what a person should see in the status bar.
	OnSay func(string)
	// OnFault is told of a folder that cannot be listed.
	OnFault func(engine.Node, error)

	host  Host
	model *model
	loads loads
	end   context.CancelFunc

	scroll *container.Scroll
	area   *fyne.Container
	pool   []*rowView
	over   *fyne.Container // above the rows: what is dragged

	focused bool
	shift   bool // held, for the keys
	held    fyne.KeyModifier
	lastTap tap
	typed   typed
	rename  renaming
	drag    dragging
}

// tap is the last tap on a row, for telling double ones.
type tap struct {
	id   string
	when time.Time
}

// doubleTap is how soon the second tap of a double one comes.
const doubleTap = 400 * time.Millisecond

// New makes a Tree. It is empty until Reload.
func New(h Host) *Tree {
	if h.Now == nil {
		h.Now = time.Now
	}
	t := &Tree{host: h, model: newModel()}
	t.loads.ctx, t.end = context.WithCancel(context.Background())
	t.area = container.New(&areaLayout{t})
	t.scroll = container.NewVScroll(t.area)
	t.scroll.OnScrolled = func(fyne.Position) { t.place() }
	t.over = container.NewWithoutLayout()
	t.rename.make(t)
	t.drag.make(t)
	t.ExtendBaseWidget(t)
	return t
}

// Close ends what loads.
func (t *Tree) Close() { t.end() }

// CreateRenderer is called by Fyne.
func (t *Tree) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(t.scroll, t.over))
}

// MinSize is called by Fyne.
func (t *Tree) MinSize() fyne.Size {
	t.ExtendBaseWidget(t)
	return fyne.NewSize(160, 3*rowHeight)
}

// areaLayout puts a tree's rows where they belong.
type areaLayout struct{ t *Tree }

// Layout is called by Fyne.
func (a *areaLayout) Layout([]fyne.CanvasObject, fyne.Size) { a.t.place() }

// MinSize is called by Fyne.
func (a *areaLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, float32(len(a.t.model.rows))*rowHeight)
}

// place gives a view to each row that can be seen; its cost does not depend on
// how many rows there are.
func (t *Tree) place() {
	rows := t.model.rows
	first := max(int(t.scroll.Offset.Y/rowHeight), 0)
	need := int(t.scroll.Size().Height/rowHeight) + 2
	for len(t.pool) < need {
		r := newRowView(t)
		t.pool = append(t.pool, r)
		t.area.Objects = append([]fyne.CanvasObject{r}, t.area.Objects...) // the entry of a rename stays above
	}
	width := t.area.Size().Width
	for i := first; i < first+len(t.pool); i++ {
		r := t.pool[i%len(t.pool)]
		if i >= len(rows) {
			r.at = -1
			r.Hide()
			continue
		}
		r.Move(fyne.NewPos(0, float32(i)*rowHeight))
		r.Resize(fyne.NewSize(width, rowHeight))
		r.set(i, t.lookOf(rows[i]))
		r.Show()
	}
	t.rename.place(t, width)
}

// refit shows the model after its rows have changed.
func (t *Tree) refit() {
	t.scroll.Content.Refresh()
	t.scroll.Refresh()
	t.place()
}

// Chosen returns the chosen nodes in the order of their rows.
func (t *Tree) Chosen() []engine.Node { return t.model.selected() }

// Current returns the node whose page is shown, if there is one.
func (t *Tree) Current() (engine.Node, bool) {
	n, known := t.model.nodes[t.model.current]
	return n, known
}

// TrashChosen reports whether the trash's row is the chosen one.
func (t *Tree) TrashChosen() bool { return t.model.current == tree.Trash }

// Folder returns the id of the folder that something new belongs in: the
// chosen folder, or the one that the chosen node is in.
func (t *Tree) Folder() string {
	n, known := t.Current()
	switch {
	case !known:
		return tree.Root
	case n.Type == tree.Folder:
		return n.ID
	}
	return n.Parent
}

// Node returns what the tree knows of a node.
func (t *Tree) Node(id string) (engine.Node, bool) {
	n, known := t.model.nodes[id]
	return n, known
}

// SetCut marks the nodes that wait to be pasted elsewhere; nil marks none.
func (t *Tree) SetCut(ids []string) {
	clear(t.model.cut)
	for _, id := range ids {
		t.model.cut[id] = true
	}
	t.place()
}

// SetProgress shows how far the session of a node is, in percent.
func (t *Tree) SetProgress(s engine.Session) {
	n, known := t.model.nodes[s.Node]
	if !known {
		return
	}
	t.model.running[s.Node] = s.Progress.Overall
	if n.Session != "" && n.Session != s.Status {
		n.Session = s.Status
		t.model.nodes[s.Node] = n
	}
	t.place()
}

// Choose chooses a row that can be seen.
func (t *Tree) Choose(id string) {
	t.model.choose(id)
	t.chosenChanged(true)
}

// chosenChanged shows the choice and tells of it.
func (t *Tree) chosenChanged(scroll bool) {
	if scroll {
		t.showRow(t.model.current)
	}
	t.place()
	if t.OnChosen != nil {
		t.OnChosen(t.Chosen(), t.TrashChosen())
	}
}

// showRow scrolls just so far that a row can be seen whole.
func (t *Tree) showRow(id string) {
	i, known := t.model.at[id]
	if !known {
		return
	}
	top, height := float32(i)*rowHeight, t.scroll.Size().Height
	switch {
	case top < t.scroll.Offset.Y:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+rowHeight > t.scroll.Offset.Y+height:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top+rowHeight-height))
	}
}

// tapped is a tap on a row.
func (t *Tree) tapped(id string, onArrow bool) {
	t.focus()
	held := t.held
	t.held = 0
	now := t.host.Now()
	double := t.lastTap.id == id && now.Sub(t.lastTap.when) < doubleTap && held == 0
	t.lastTap = tap{id, now}
	switch {
	case onArrow:
		t.setOpen(id, !t.model.isOpen(id))
		return
	case held&fyne.KeyModifierShortcutDefault != 0:
		t.model.toggle(id)
	case held&fyne.KeyModifierShift != 0:
		t.model.extend(id)
	case double:
		t.lastTap = tap{}
		t.activate(id)
		return
	default:
		t.model.choose(id)
	}
	t.chosenChanged(false)
}

// activate is Enter, or a double click: a folder opens or closes, a shape's
// page gets the focus.
func (t *Tree) activate(id string) {
	n, known := t.model.nodes[id]
	switch {
	case !known:
	case n.Type == tree.Folder:
		t.setOpen(id, !t.model.isOpen(id))
	case t.OnOpen != nil:
		t.OnOpen(n)
	}
}

// askMenu chooses the row under the pointer, unless it is among the chosen
// ones, and asks for a menu.
func (t *Tree) askMenu(id string, at fyne.Position) {
	t.focus()
	if !t.model.chosen[id] {
		t.model.choose(id)
		t.chosenChanged(false)
	}
	if t.OnMenu != nil {
		t.OnMenu(at)
	}
}

// setOpen opens or closes a folder; its content loads when it is opened first.
func (t *Tree) setOpen(id string, open bool) {
	before := t.model.current
	load := t.model.setOpen(id, open)
	t.refit()
	if t.model.current != before {
		t.chosenChanged(true)
	}
	if load {
		t.load(id)
	}
}

// Tapped is a tap below all rows.
func (t *Tree) Tapped(*fyne.PointEvent) { t.focus() }

// TappedSecondary opens the menu for the top of the tree.
func (t *Tree) TappedSecondary(e *fyne.PointEvent) {
	t.focus()
	clear(t.model.chosen)
	t.model.current = ""
	t.place()
	if t.OnMenu != nil {
		t.OnMenu(e.AbsolutePosition)
	}
}

func (t *Tree) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
}

func (t *Tree) say(text string) {
	if t.OnSay != nil {
		t.OnSay(text)
	}
}
