package kit

import "fyne.io/fyne/v2"

// ColumnLayout gives content a width that reads well.
func ColumnLayout(width float32) fyne.Layout { return columnLayout(width) }

type columnLayout float32

// Layout is called by Fyne.
func (c columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(float32(c), size.Height))
	}
}

// MinSize is called by Fyne. Resizing first lets wrapped text tell its height.
func (c columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(float32(c), o.Size().Height))
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(float32(c), h)
}
