// Package gui is the main window: the tree of nodes on the left, the page of
// the chosen node beside it, menus and the status bar.
package gui

import (
	"fyne.io/fyne/v2"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// settings are what the window remembers from one start to the next.
type settings struct {
	width, height float32
	split         float64
	mode          kit.Mode
	language      preview.Language
}

// The smallest and the usual window, in points.
const (
	minWidth, minHeight   = 760, 480
	wantWidth, wantHeight = 1280, 800
	maxSide               = 8000
	wantSplit             = 0.22
)

// loadSettings reads the settings and mends what cannot be.
func loadSettings(p fyne.Preferences) settings {
	s := settings{
		width:    float32(p.FloatWithFallback("window.width", wantWidth)),
		height:   float32(p.FloatWithFallback("window.height", wantHeight)),
		split:    p.FloatWithFallback("window.split", wantSplit),
		mode:     kit.Mode(p.StringWithFallback("theme", string(kit.Auto))),
		language: preview.Language(p.StringWithFallback("labels", string(preview.English))),
	}
	return s.mended()
}

func (s settings) mended() settings {
	if !(s.width >= minWidth && s.width <= maxSide && s.height >= minHeight && s.height <= maxSide) {
		s.width, s.height = wantWidth, wantHeight
	}
	if !(s.split >= 0.05 && s.split <= 0.6) {
		s.split = wantSplit
	}
	switch s.mode {
	case kit.Auto, kit.Light, kit.Dark:
	default:
		s.mode = kit.Auto
	}
	switch s.language {
	case preview.English, preview.Japanese, preview.Local:
	default:
		s.language = preview.English
	}
	return s
}

func (s settings) save(p fyne.Preferences) {
	p.SetFloat("window.width", float64(s.width))
	p.SetFloat("window.height", float64(s.height))
	p.SetFloat("window.split", s.split)
	p.SetString("theme", string(s.mode))
	p.SetString("labels", string(s.language))
}
