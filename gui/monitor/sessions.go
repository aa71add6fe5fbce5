package monitor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// active counts the sessions that run or are about to.
func active(list []engine.Session) int {
	n := 0
	for _, s := range list {
		if s.Status == session.Running || s.Status == session.Pending {
			n++
		}
	}
	return n
}

// sessionList is the list of sessions at the left.
type sessionList struct {
	content fyne.CanvasObject
	page    *Page
	list    *kit.List
	head    *widget.Label
}

func newSessionList(p *Page) *sessionList {
	l := &sessionList{page: p}
	l.head = widget.NewLabelWithStyle("Sessions", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.list = kit.NewList(func() int { return len(p.roster) }, newSessionRow, func(id int, o fyne.CanvasObject) {
		if id < len(p.roster) {
			updateSessionRow(o, p.roster[id], p)
		}
	})
	l.list.OnChosen = func(id int) { p.choose(p.roster[id].ID) }
	l.list.OnKey = func(k fyne.KeyName) bool {
		if k != fyne.KeyEscape || p.host.Leave == nil {
			return false
		}
		p.host.Leave()
		return true
	}
	l.list.OnMenu = func(_ int, at fyne.Position) { p.detail.menu(at) }
	l.content = container.NewBorder(l.head, nil, nil, nil, l.list)
	return l
}

// show lists the sessions as they are now.
func (l *sessionList) show() {
	l.list.Keep(find(l.page.roster, l.page.chosen))
}

// sessionRow is what a row of the list is made of, in the order of its
// container's objects.
type sessionRow struct {
	*fyne.Container
	icon  *widget.Icon
	name  *widget.Label
	state *widget.Label
	bar   *widget.ProgressBar
	line  *widget.Label
}

// rowBox is a container that knows the widgets of its row.
type rowBox struct {
	widget.BaseWidget
	row *sessionRow
}

// CreateRenderer is called by Fyne.
func (r *rowBox) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.row.Container)
}

func newSessionRow() fyne.CanvasObject {
	r := &sessionRow{icon: widget.NewIcon(theme.RadioButtonIcon())}
	r.name = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.name.Truncation = fyne.TextTruncateEllipsis
	r.state, r.line = kit.Muted("state"), kit.Muted("line")
	r.state.Truncation, r.line.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	bar, shown := kit.ThinBar()
	r.bar = bar
	r.Container = container.NewVBox(
		kit.Tight(container.NewBorder(nil, nil, r.icon, nil, r.name), r.state, r.line),
		container.NewPadded(shown))
	box := &rowBox{row: r}
	box.ExtendBaseWidget(box)
	return box
}

func updateSessionRow(o fyne.CanvasObject, s engine.Session, p *Page) {
	r := o.(*rowBox).row
	setIcon(r.icon, s.Status, s.Failed)
	kit.SetText(r.name, s.NodeName)
	began := ""
	if !s.Started.IsZero() {
		began = "started " + moment(s.Started, p.host.Now())
	}
	kit.SetText(r.state, join(standing(s), began))
	kit.SetText(r.line, line(s))
	setBar(r.bar, sessionShare(s))
}

// setIcon shows a state, unless it is shown already. What is done but for some
// tasks that failed is not shown as if all were well.
func setIcon(i *widget.Icon, s session.Status, failed int) {
	r := statusIcon(s)
	if s == session.Completed && failed > 0 {
		r = theme.NewWarningThemedResource(theme.WarningIcon())
	}
	if i.Resource == nil || i.Resource.Name() != r.Name() {
		i.SetResource(r)
	}
}

// setBar moves a bar, unless it is there already.
func setBar(b *widget.ProgressBar, v float64) {
	if b.Value != v {
		b.SetValue(v)
	}
}
