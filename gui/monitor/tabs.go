package monitor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// tabs shows one of some contents. Fyne's own tabs cannot be reached by keys.
type tabs struct {
	row     fyne.CanvasObject
	stack   *fyne.Container
	buttons []*kit.Button
	views   []fyne.CanvasObject
}

func newTabs(titles []string, views ...fyne.CanvasObject) *tabs {
	t := &tabs{views: views, stack: container.NewStack(views...)}
	row := container.NewHBox()
	for i, title := range titles {
		b := kit.NewButton(title, nil, func() { t.choose(i) })
		t.buttons = append(t.buttons, b)
		row.Add(b)
	}
	t.row = row
	t.choose(0)
	return t
}

// choose puts one of the contents in front.
func (t *tabs) choose(chosen int) {
	for i, b := range t.buttons {
		importance := widget.LowImportance
		if i == chosen {
			importance = widget.HighImportance
		}
		if b.Importance != importance {
			b.Importance = importance
			b.Refresh()
		}
		kit.SetShown(t.views[i], i == chosen)
	}
}

func (t *tabs) setTitle(i int, title string) {
	if t.buttons[i].Text != title {
		t.buttons[i].SetText(title)
	}
}
