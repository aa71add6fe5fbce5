package shapeform

import (
	"fyne.io/fyne/v2"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// searchKey leads from the search to what it has found.
func (v *selectionView) searchKey(k fyne.KeyName) bool {
	found := len(v.matrix().found)
	if k != fyne.KeyDown || found == 0 {
		return false
	}
	v.form.host.Window.Canvas().Focus(v.list)
	v.list.Choose(min(max(v.list.Chosen(), 0), found-1))
	return true
}

// key turns levels of the chosen country, and leads back to the search.
func (v *selectionView) key(k fyne.KeyName) bool {
	i := v.list.Chosen()
	switch {
	case k == fyne.KeyEscape:
		v.form.Leave()
		return true
	case k == fyne.KeyUp && i <= 0:
		v.form.host.Window.Canvas().Focus(v.search)
		return true
	case i < 0 || i >= len(v.matrix().found):
		return false
	case k == fyne.KeySpace || k == fyne.KeyReturn || k == fyne.KeyEnter:
		v.turnRow(v.matrix().found[i])
		return true
	case len(k) == 1 && k[0] >= '0' && k[0] < '0'+shape.Levels:
		return v.turn(v.matrix().found[i], k[0]-'0')
	}
	return false
}

// turn turns a level of a country, and reports whether there is such a level.
func (v *selectionView) turn(r *row, level uint8) bool {
	if !r.has[level] {
		return false
	}
	v.choose([]*row{r}, level, !v.selection().Has(r.ISO3, level))
	return true
}

// turnRow sets all levels of a country, or clears them if all are set.
func (v *selectionView) turnRow(r *row) {
	s, m := v.selection(), v.matrix()
	on := false
	for _, level := range m.levels {
		on = on || r.has[level] && !s.Has(r.ISO3, level)
	}
	for _, level := range m.levels {
		s = m.choose(s, []*row{r}, level, on)
	}
	v.set(s)
}
