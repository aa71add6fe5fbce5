package treeview

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Searcher is what the search needs of the engine. It is called off the
// window's goroutine.
type Searcher interface {
	// Search returns the nodes whose name holds the text, the best first.
	Search(ctx context.Context, text string, limit int) ([]engine.Found, error)
}

// searchLimit is how many hits are listed.
const searchLimit = 200

// Finder is the search: a field, and the list of hits that stands in the
// tree's place while there is something in the field.
type Finder struct {
	Field *SearchField
	Hits  fyne.CanvasObject

	// OnGo is told the hit that was chosen.
	OnGo func(engine.Found)
	// OnShown is told whether the hits stand in the tree's place.
	OnShown func(bool)
	// OnLeave is called when the search was left: the tree gets the focus.
	OnLeave func()
	// OnFault is told of a search that failed.
	OnFault func(error)

	tasks  *kit.Tasks
	engine Searcher
	cancel context.CancelFunc
	found  []engine.Found
	list   *kit.List
	note   *widget.Label
	at     int  // the hit that Enter goes to
	mute   bool // the list is told, and tells back
}

// SearchField is the entry of a search; arrows, Enter and Escape go to the
// hits.
type SearchField struct {
	kit.Entry
	onKey func(fyne.KeyName) bool
}

// TypedKey hands on the keys that belong to the hits.
func (s *SearchField) TypedKey(e *fyne.KeyEvent) {
	if !s.onKey(e.Name) {
		s.Entry.TypedKey(e)
	}
}

// NewFinder makes a Finder.
func NewFinder(tasks *kit.Tasks, e Searcher) *Finder {
	f := &Finder{tasks: tasks, engine: e, cancel: func() {}}
	f.Field = &SearchField{onKey: f.key}
	f.Field.ExtendBaseWidget(f.Field)
	f.Field.PlaceHolder = "Search"
	f.Field.Icon = theme.SearchIcon()
	f.Field.OnChanged = f.search
	f.note = kit.Muted("")
	f.note.Wrapping = fyne.TextWrapWord
	f.list = kit.NewList(func() int { return len(f.found) }, newHit, func(i int, o fyne.CanvasObject) {
		if i < len(f.found) {
			showHit(o, f.found[i])
		}
	})
	f.list.OnChosen = func(i int) {
		if !f.mute {
			f.follow(i)
		}
	}
	f.Hits = container.NewBorder(f.note, nil, nil, nil, f.list)
	f.Hits.Hide()
	return f
}

func newHit() fyne.CanvasObject {
	name, path := widget.NewLabel(""), kit.Muted("")
	name.Truncation, path.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, widget.NewIcon(theme.FileIcon()), nil, container.New(tight{}, name, path))
}

func showHit(o fyne.CanvasObject, hit engine.Found) {
	box := o.(*fyne.Container)
	lines := box.Objects[0].(*fyne.Container)
	kit.SetText(lines.Objects[0].(*widget.Label), hit.Node.Name)
	path := hit.Path
	if path == "" {
		path = "at the top"
	}
	kit.SetText(lines.Objects[1].(*widget.Label), path)
	l := look{folder: hit.Node.Type == tree.Folder, tiles: hit.Node.HasTiles, draft: hit.Node.Draft || hit.Node.New}
	box.Objects[1].(*widget.Icon).SetResource(l.icon())
}

// tight puts two lines closer than a box does.
type tight struct{}

// Layout is called by Fyne.
func (tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(-4)
	for _, o := range objects {
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h - 14
	}
}

// MinSize is called by Fyne.
func (tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range objects {
		h += o.MinSize().Height - 12
	}
	return fyne.NewSize(80, h)
}

// search lists what holds the text; a search that was overtaken is dropped.
func (f *Finder) search(text string) {
	f.cancel()
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	if text == "" {
		f.found = nil
		f.show(false)
		return
	}
	kit.Load(ctx, f.tasks, func(ctx context.Context) ([]engine.Found, error) {
		return f.engine.Search(ctx, text, searchLimit)
	}, func(found []engine.Found, err error) { f.take(text, found, err) }, nil)
}

func (f *Finder) take(text string, found []engine.Found, err error) {
	f.found = found
	switch {
	case err != nil:
		f.found = nil
		f.note.SetText("The search failed: " + err.Error())
		if f.OnFault != nil {
			f.OnFault(err)
		}
	case len(found) == 0:
		f.note.SetText(fmt.Sprintf("Nothing is called “%s”", text))
	case len(found) >= searchLimit:
		f.note.SetText(fmt.Sprintf("The first %d; type more to narrow it down", len(found)))
	default:
		f.note.SetText(fmt.Sprintf("%d found", len(found)))
	}
	f.show(true)
	f.mark(0)
}

func (f *Finder) show(on bool) {
	if f.Hits.Visible() != on {
		kit.SetShown(f.Hits, on)
		if f.OnShown != nil {
			f.OnShown(on)
		}
	}
	f.list.Refresh()
}

// mark moves the hit that Enter goes to.
func (f *Finder) mark(i int) {
	f.at = min(max(i, 0), max(len(f.found)-1, 0))
	f.mute = true
	f.list.Choose(f.at)
	f.mute = false
}

// key handles what the field hands on; it reports whether the key was its.
func (f *Finder) key(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyEscape:
		f.Leave()
	case fyne.KeyReturn, fyne.KeyEnter:
		f.follow(f.at)
	case fyne.KeyDown:
		f.mark(f.at + 1)
	case fyne.KeyUp:
		f.mark(f.at - 1)
	case fyne.KeyPageDown:
		f.mark(f.at + 8)
	case fyne.KeyPageUp:
		f.mark(f.at - 8)
	default:
		return false
	}
	return true
}

func (f *Finder) follow(i int) {
	if i < 0 || i >= len(f.found) {
		return
	}
	hit := f.found[i]
	f.Leave()
	if f.OnGo != nil {
		f.OnGo(hit)
	}
}

// Leave empties the search and shows the tree again.
func (f *Finder) Leave() {
	f.Field.SetText("")
	if f.OnLeave != nil {
		f.OnLeave()
	}
}

// Close ends a search under way.
func (f *Finder) Close() { f.cancel() }
