package nodepage

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
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
	pause   *kit.Button // or resume
	cancel  *kit.Button
}

type stageView struct {
	name, detail *widget.Label
	bar          *widget.ProgressBar
}

func newProgressView(pause, cancel func()) *progressView {
	p := &progressView{overall: widget.NewProgressBar()}
	p.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	p.title.SizeName = theme.SizeNameSubHeadingText
	p.title.Truncation = fyne.TextTruncateEllipsis
	box := container.NewVBox(p.title, kit.Bar(p.overall), widget.NewSeparator())
	for i, name := range stageNames() {
		s := stageView{name: widget.NewLabel(fmt.Sprintf("%d  %s", i+1, name)), detail: kit.Muted(""), bar: widget.NewProgressBar()}
		s.bar.TextFormatter = func() string { return "" }
		p.stages[i] = s
		box.Add(container.NewBorder(nil, nil, s.name, s.detail))
		box.Add(container.New(&thinLayout{height: 6}, kit.Bar(s.bar)))
	}
	p.current, p.summary = kit.Muted(""), widget.NewLabel("")
	p.current.Wrapping, p.summary.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	p.pause = kit.NewButton("Pause", theme.MediaPauseIcon(), pause)
	p.cancel = kit.NewButton("Cancel", theme.CancelIcon(), cancel)
	box.Add(widget.NewSeparator())
	box.Add(p.summary)
	box.Add(p.current)
	box.Add(container.NewCenter(container.NewHBox(p.pause, p.cancel)))
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
	p.title.SetText("Building the tiles of " + n.Name)
	p.ready("Cancel")
	p.overall.SetValue(0)
}

// ready makes the buttons usable.
func (p *progressView) ready(cancel string) {
	p.cancel.SetText(cancel)
	p.cancel.Enable()
	p.pause.Enable()
}

func (p *progressView) set(name string, s engine.Session) {
	p.overall.SetValue(min(max(s.Progress.Overall/100, 0), 1))
	for i, r := range stageRows(s) {
		p.stages[i].bar.SetValue(r.done)
		p.stages[i].detail.SetText(r.detail)
	}
	p.summary.SetText(summary(s))
	paused := s.Status == session.Paused
	if paused {
		p.title.SetText("Paused: the tiles of " + name)
		p.pause.SetText("Resume")
		p.pause.SetIcon(theme.MediaPlayIcon())
		p.current.SetText(pausedText(s))
	} else {
		p.title.SetText("Building the tiles of " + name)
		p.pause.SetText("Pause")
		p.pause.SetIcon(theme.MediaPauseIcon())
		p.current.SetText(s.Current)
	}
}

// pausedText says why a session is paused, and that nothing is lost.
func pausedText(s engine.Session) string {
	if s.Reason == "" {
		return "What is done is kept. Resume goes on from there."
	}
	return "Paused: " + strings.TrimRight(s.Reason, ".") + ". What is done is kept; Resume goes on from there."
}

// asked shows that a wish was heard; what comes of it is told soon after.
func (p *progressView) asked(doing string) {
	p.pause.Disable()
	p.cancel.Disable()
	p.current.SetText(doing)
}
