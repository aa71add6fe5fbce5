package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Lead wraps the button of a screen that leads on. It stands out by a ground
// close to the page's, light on light and dark on dark, with strong ink: a
// button in a middle tone is hard to read for weak eyes, on bad screens, and for
// programs that read the screen.
func Lead(b *Button) fyne.CanvasObject { return container.NewThemeOverride(b, leadTheme{}) }

// leadTheme is the program's theme with the lead button's two colours.
type leadTheme struct{}

func current() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

// Color returns the lead button's colours, else the program's.
func (leadTheme) Color(n fyne.ThemeColorName, desktop fyne.ThemeVariant) color.Color {
	v := desktop
	if t, ok := current().(*Theme); ok {
		v = t.Mode.Variant(desktop)
	}
	light := v == theme.VariantLight
	switch {
	case n == theme.ColorNamePrimary && light:
		return color.NRGBA{0xc9, 0xe6, 0xef, 0xff}
	case n == theme.ColorNamePrimary:
		return color.NRGBA{0x12, 0x3f, 0x4f, 0xff}
	case n == theme.ColorNameForegroundOnPrimary && light:
		return color.NRGBA{0x06, 0x2a, 0x36, 0xff}
	case n == theme.ColorNameForegroundOnPrimary:
		return color.NRGBA{0xff, 0xff, 0xff, 0xff}
	}
	return current().Color(n, desktop)
}

// Font returns the program's font.
func (leadTheme) Font(s fyne.TextStyle) fyne.Resource { return current().Font(s) }

// Icon returns the program's icon.
func (leadTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return current().Icon(n) }

// Size returns the program's size.
func (leadTheme) Size(n fyne.ThemeSizeName) float32 { return current().Size(n) }
