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
	return container.NewThemeOverride(b, barTheme{fyne.CurrentApp().Settings().Theme()})
}

// barTheme is the program's theme with the bars' colours.
type barTheme struct{ fyne.Theme }

// Color returns the bars' colours, else the program's.
func (t barTheme) Color(n fyne.ThemeColorName, desktop fyne.ThemeVariant) color.Color {
	v := desktop
	if own, ok := t.Theme.(*Theme); ok {
		v = own.Mode.Variant(desktop)
	}
	if n == theme.ColorNamePrimary {
		if v == theme.VariantLight {
			return color.NRGBA{0x6f, 0xb4, 0xca, 0xff}
		}
		return color.NRGBA{0x2a, 0x7f, 0x9b, 0xff}
	}
	return t.Theme.Color(n, desktop)
}
