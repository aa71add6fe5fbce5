package mapview

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Details is the panel with the attributes of a picked unit and of the units
// that it lies in.
type Details struct {
	widget.BaseWidget

	// OnClose is called by the panel's close button.
	OnClose func()

	title *widget.Label
	level *widget.Select
	table *widget.Table
	copyB *kit.Button
	body  *fyne.Container

	clipboard fyne.Clipboard
	units     []*preview.Unit
	rows      []feature.Attr
}

// NewDetails makes an empty panel that copies to a clipboard.
func NewDetails(clipboard fyne.Clipboard) *Details {
	d := &Details{clipboard: clipboard}
	d.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	d.title.Truncation = fyne.TextTruncateEllipsis
	d.level = widget.NewSelect(nil, func(string) { d.showUnit(d.level.SelectedIndex()) })
	d.table = newAttributeTable(d)
	d.copyB = kit.NewButton("Copy", theme.ContentCopyIcon(), func() { d.clipboard.SetContent(AsText(d.rows)) })
	closeB := kit.NewButton("", theme.CancelIcon(), func() {
		if d.OnClose != nil {
			d.OnClose()
		}
	}).Quiet()
	head := container.NewVBox(container.NewBorder(nil, nil, nil, closeB, d.title), d.level)
	d.body = container.NewBorder(head, container.NewPadded(d.copyB), nil, nil, d.table)
	d.ExtendBaseWidget(d)
	return d
}

func newAttributeTable(d *Details) *widget.Table {
	t := widget.NewTable(
		func() (int, int) { return len(d.rows), 2 },
		func() fyne.CanvasObject {
			l := widget.NewLabel("")
			l.Truncation = fyne.TextTruncateEllipsis
			return l
		},
		func(id widget.TableCellID, o fyne.CanvasObject) {
			l := o.(*widget.Label)
			a := d.rows[id.Row]
			if id.Col == 0 {
				l.Importance = widget.LowImportance
				l.SetText(a.Key)
				return
			}
			l.Importance = widget.MediumImportance
			l.SetText(a.Value.String())
		},
	)
	t.OnSelected = func(id widget.TableCellID) {
		if id.Row >= 0 && id.Row < len(d.rows) { // a click on a row takes its value along
			d.clipboard.SetContent(d.rows[id.Row].Value.String())
		}
	}
	return t
}

// ShowUnits fills the panel with units, the deepest level first.
func (d *Details) ShowUnits(units []*preview.Unit, lang preview.Language) {
	d.units = units
	var names []string
	for _, u := range units {
		names = append(names, unitLine(u, lang))
	}
	d.level.Options = names
	if len(units) > 0 {
		d.level.SetSelectedIndex(0)
	}
	d.showUnit(0)
	if len(units) < 2 {
		d.level.Hide()
	} else {
		d.level.Show()
	}
}

func (d *Details) showUnit(i int) {
	d.rows = nil
	if i >= 0 && i < len(d.units) {
		d.rows = Rows(d.units[i])
		d.title.SetText(preview.Name(d.units[i].Attrs, preview.English))
	}
	d.table.UnselectAll()
	d.table.Refresh()
}

func unitLine(u *preview.Unit, lang preview.Language) string {
	return u.Layer + "  " + preview.Name(u.Attrs, lang)
}

// Rows returns what the panel lists of a unit: its layer and id, then its
// attributes in the tile's order.
func Rows(u *preview.Unit) []feature.Attr {
	rows := []feature.Attr{{Key: "layer", Value: feature.StringValue(u.Layer)}}
	if u.ID != 0 {
		rows = append(rows, feature.Attr{Key: "id", Value: feature.UintValue(u.ID)})
	}
	return slices.Concat(rows, u.Attrs)
}

// AsText writes rows for the clipboard, one a line, key and value parted by a
// tab, as spreadsheets take them.
func AsText(rows []feature.Attr) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(oneLine(r.Key) + "\t" + oneLine(r.Value.String()) + "\n")
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, isBreak), " ") }

func isBreak(r rune) bool { return r == '\t' || r == '\n' || r == '\r' }

// Resize shares the width between the two columns.
func (d *Details) Resize(size fyne.Size) {
	d.BaseWidget.Resize(size)
	const key = 116
	d.table.SetColumnWidth(0, key)
	d.table.SetColumnWidth(1, max(size.Width-key-2*theme.Padding(), key))
}

// CreateRenderer is called by Fyne.
func (d *Details) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.body) }
