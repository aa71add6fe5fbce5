package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Bar shows a progress bar in a stronger colour than buttons have, so that
// what is done stands out from what is not.
func Bar(b *widget.ProgressBar) fyne.CanvasObject {
	return container.NewThemeOverride(b, barTheme{})
}

// ThinBar makes a progress bar without words, and what shows it: a line of a
// few units.
func ThinBar() (*widget.ProgressBar, fyne.CanvasObject) {
	b := widget.NewProgressBar()
	b.TextFormatter = func() string { return "" }
	return b, container.New(thinLayout{}, Bar(b))
}

// thinLayout gives a bar less height than it asks for, in the middle of what
// there is.
type thinLayout struct{}

const thin = 6

// Layout is called by Fyne.
func (thinLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, (size.Height-thin)/2))
		o.Resize(fyne.NewSize(size.Width, thin))
	}
}

// MinSize is called by Fyne.
func (thinLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, thin) }

// barTheme is the program's theme, as it is now, with the bars' colours.
type barTheme struct{}

func (barTheme) now() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

// Font returns the program's.
func (t barTheme) Font(s fyne.TextStyle) fyne.Resource { return t.now().Font(s) }

// Icon returns the program's.
func (t barTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return t.now().Icon(n) }

// Size returns the program's.
func (t barTheme) Size(n fyne.ThemeSizeName) float32 { return t.now().Size(n) }

// Color returns the bars' colours, else the program's.
func (t barTheme) Color(n fyne.ThemeColorName, desktop fyne.ThemeVariant) color.Color {
	v := desktop
	if own, ok := t.now().(*Theme); ok {
		v = own.Mode.Variant(desktop)
	}
	if n == theme.ColorNamePrimary {
		if v == theme.VariantLight {
			return color.NRGBA{0x6f, 0xb4, 0xca, 0xff}
		}
		return color.NRGBA{0x2a, 0x7f, 0x9b, 0xff}
	}
	return t.now().Color(n, desktop)
}

// Marks shows check marks in ink that can be seen: the program's first colour
// is the ground of buttons, and too pale for a small sign.
func Marks(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, markTheme{})
}

// markTheme is the program's theme, as it is now, with the marks' colours.
type markTheme struct{ barTheme }

// Color returns the marks' colours, else the program's.
func (t markTheme) Color(n fyne.ThemeColorName, desktop fyne.ThemeVariant) color.Color {
	switch n {
	case theme.ColorNamePrimary:
		n = theme.ColorNameHyperlink
	case theme.ColorNameInputBorder:
		n = theme.ColorNameDisabled
	}
	return t.now().Color(n, desktop)
}
