package nodepage

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/mapview"
)

// mapView is the map with its header and the panel of attributes.
type mapView struct {
	content  fyne.CanvasObject
	name     *widget.Label
	about    *widget.Label
	language *widget.Select
	mode     *widget.Select
	details  *mapview.Details
	panel    *fyne.Container
	clip     *container.Clip
	page     *Page
}

const panelWidth = 300

// modeNames are the choices of theme, in the order shown.
func modeNames() ([]string, []kit.Mode) {
	return []string{"Auto theme", "Light", "Dark"}, []kit.Mode{kit.Auto, kit.Light, kit.Dark}
}

// languageNames are the choices of label language, in the order shown.
func languageNames() ([]string, []preview.Language) {
	return []string{"English names", "日本語", "Local names"}, []preview.Language{preview.English, preview.Japanese, preview.Local}
}

func newMapView(p *Page) *mapView {
	v := &mapView{page: p}
	v.name = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	v.name.Truncation = fyne.TextTruncateEllipsis
	v.about = kit.Muted("")
	v.about.Truncation = fyne.TextTruncateEllipsis
	names, languages := languageNames()
	v.language = widget.NewSelect(names, func(string) {
		if i := v.language.SelectedIndex(); i >= 0 && p.SetLanguage != nil {
			p.SetLanguage(languages[i])
		}
	})
	v.setLanguage(p.look.Language)
	rebuild := kit.NewButton("Rebuild", theme.ViewRefreshIcon(), p.Build)
	save := kit.NewButton("Save as PNG…", theme.DocumentSaveIcon(), p.SavePNG)
	v.mode = newModeSelect(p)
	actions := container.NewHBox(
		container.New(&widthLayout{width: 138, content: true}, v.language),
		container.New(&widthLayout{width: 116, content: true}, v.mode),
		rebuild, save)
	words := container.New(&snugLayout{}, v.name, v.about)
	head := container.NewBorder(nil, nil, nil, container.NewCenter(actions), words)

	v.details = mapview.NewDetails(p.host.Clipboard)
	v.details.OnClose = func() { v.pick(nil) }
	v.panel = container.New(&widthLayout{width: panelWidth}, v.details)
	v.panel.Hide()
	p.Map.OnPick = v.pick
	p.Map.OnStatus = func(s mapview.Status) {
		if p.phase == mapped { // else it has nothing to show
			p.host.Status(s)
		}
	}
	p.Map.OnFault = func(err error) {
		p.log(err)
		p.host.Say("Part of the map cannot be drawn: " + err.Error())
	}
	v.clip = container.NewClip(p.Map)
	body := container.NewBorder(nil, nil, nil, v.panel, v.clip)
	v.content = container.NewBorder(container.NewVBox(head, widget.NewSeparator()), nil, nil, nil, body)
	return v
}

func newModeSelect(p *Page) *widget.Select {
	names, modes := modeNames()
	s := widget.NewSelect(names, nil)
	s.OnChanged = func(string) {
		if i := s.SelectedIndex(); i >= 0 && p.SetMode != nil {
			p.SetMode(modes[i])
		}
	}
	return s
}

// ShowMode tells the page which theme is chosen.
func (p *Page) ShowMode(m kit.Mode) {
	_, modes := modeNames()
	for i, have := range modes {
		if have == m && p.mapped.mode.SelectedIndex() != i {
			p.mapped.mode.SetSelectedIndex(i)
		}
	}
}

// focusMap gives the keys to the map, unless they are somebody else's. The
// window looks for the map in what it
// has drawn so far; the clip must be told to prepare itself.
func (v *mapView) focusMap() {
	if !v.page.keysAreFree() {
		return
	}
	v.clip.MinSize()
	v.clip.Refresh()
	v.page.host.Window.Canvas().Focus(v.page.Map)
}

// widthLayout gives its content a fixed width, and its own height if content
// is set.
type widthLayout struct {
	width   float32
	content bool
}

// Layout is called by Fyne.
func (w *widthLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// MinSize is called by Fyne.
func (w *widthLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range objects {
		if w.content {
			h = max(h, o.MinSize().Height)
		}
	}
	return fyne.NewSize(w.width, h)
}

// snugLayout stacks two labels closer than their own padding would.
type snugLayout struct{}

const snug = 13

// Layout is called by Fyne.
func (*snugLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h - snug
	}
}

// MinSize is called by Fyne.
func (*snugLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(snug)
	for _, o := range objects {
		h += o.MinSize().Height - snug
	}
	return fyne.NewSize(80, h)
}

func (v *mapView) setNode(n engine.Node, tiles int) {
	v.name.SetText(n.Name)
	v.about.SetText(about(n, tiles, time.Now()))
}

func (v *mapView) setLanguage(l preview.Language) {
	_, languages := languageNames()
	for i, have := range languages {
		if have == l && v.language.SelectedIndex() != i {
			v.language.SetSelectedIndex(i)
		}
	}
}

// pick marks the clicked unit and shows its attributes; no units hide them.
func (v *mapView) pick(units []*preview.Unit) {
	if len(units) == 0 {
		v.hideDetails()
		return
	}
	v.page.Map.Select(units[0])
	v.details.ShowUnits(units, v.page.look.Language)
	if !v.panel.Visible() {
		v.panel.Show()
		v.content.Refresh()
	}
}

func (v *mapView) hideDetails() {
	v.page.Map.Select(nil)
	if v.panel != nil && v.panel.Visible() {
		v.panel.Hide()
		v.content.Refresh()
	}
}
