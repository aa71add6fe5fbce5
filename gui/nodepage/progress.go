package nodepage

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// progressView shows the four stages of a build. Its widgets are made once and
// only their values change.
type progressView struct {
	content fyne.CanvasObject
	title   *widget.Label
	overall *widget.ProgressBar
	stages  [4]stageView
	current *widget.Label
	summary *widget.Label
	cancel  *kit.Button
	ending  bool
}

type stageView struct {
	name, detail *widget.Label
	bar          *widget.ProgressBar
}

func newProgressView(cancel func()) *progressView {
	p := &progressView{overall: widget.NewProgressBar()}
	p.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	p.title.SizeName = theme.SizeNameSubHeadingText
	p.title.Truncation = fyne.TextTruncateEllipsis
	box := container.NewVBox(p.title, kit.Bar(p.overall), widget.NewSeparator())
	for i, w := range stageWords() {
		s := stageView{name: widget.NewLabel(fmt.Sprintf("%d  %s", i+1, w.name)), detail: kit.Muted(""), bar: widget.NewProgressBar()}
		s.bar.TextFormatter = func() string { return "" }
		p.stages[i] = s
		box.Add(container.NewBorder(nil, nil, s.name, s.detail))
		box.Add(container.New(&thinLayout{height: 6}, kit.Bar(s.bar)))
	}
	p.current, p.summary = kit.Muted(""), widget.NewLabel("")
	p.current.Truncation = fyne.TextTruncateEllipsis
	p.cancel = kit.NewButton("Cancel", theme.CancelIcon(), cancel)
	box.Add(widget.NewSeparator())
	box.Add(p.summary)
	box.Add(p.current)
	box.Add(container.NewCenter(p.cancel))
	p.content = container.NewCenter(column(box))
	return p
}

// thinLayout gives a bar less height than it asks for.
type thinLayout struct{ height float32 }

// Layout is called by Fyne.
func (t *thinLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(size.Width, t.height))
	}
}

// MinSize is called by Fyne.
func (t *thinLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, t.height) }

func (p *progressView) setNode(n engine.Node) {
	p.ending = false
	p.title.SetText("Building the tiles of " + n.Name)
	p.cancel.SetText("Cancel")
	p.cancel.Enable()
	p.overall.SetValue(0)
}

func (p *progressView) set(now pipeline.Progress) {
	p.overall.SetValue(min(max(now.Overall, 0), 1))
	for i, r := range stageRows(now) {
		p.stages[i].bar.SetValue(r.done)
		p.stages[i].detail.SetText(r.detail)
	}
	p.summary.SetText(summary(now))
	if !p.ending {
		p.current.SetText(now.Current)
	}
}

// cancelling shows that the wish was heard; the build ends soon after.
func (p *progressView) cancelling() {
	p.ending = true
	p.cancel.SetText("Cancelling…")
	p.cancel.Disable()
	p.current.SetText("Stopping; the tiles stay as they were")
}
