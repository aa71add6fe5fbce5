package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Mode is which of the two variants of the theme is shown.
type Mode string

// The modes. Auto follows the desktop.
const (
	Auto  Mode = "auto"
	Light Mode = "light"
	Dark  Mode = "dark"
)

// Variant returns the variant of a mode, given the desktop's.
func (m Mode) Variant(desktop fyne.ThemeVariant) fyne.ThemeVariant {
	switch m {
	case Light:
		return theme.VariantLight
	case Dark:
		return theme.VariantDark
	default:
		return desktop
	}
}

// Theme is the program's theme: Fyne's, a little calmer, in a mode.
type Theme struct {
	fyne.Theme
	Mode Mode
}

// NewTheme makes a Theme.
func NewTheme(m Mode) *Theme { return &Theme{Theme: theme.DefaultTheme(), Mode: m} }

// Color returns a colour of the mode's variant.
func (t *Theme) Color(n fyne.ThemeColorName, desktop fyne.ThemeVariant) color.Color {
	v := t.Mode.Variant(desktop)
	light := v == theme.VariantLight
	switch {
	// Ground close to the page's, light on light and dark on dark, with strong
	// ink: text on a middle tone is hard to read for weak eyes, on bad screens,
	// and for programs that read the screen.
	case n == theme.ColorNamePrimary && light:
		return color.NRGBA{0xd8, 0xee, 0xf5, 0xff}
	case n == theme.ColorNamePrimary:
		return color.NRGBA{0x17, 0x51, 0x65, 0xff}
	case n == theme.ColorNameForegroundOnPrimary && light:
		return color.NRGBA{0x06, 0x2a, 0x36, 0xff}
	case n == theme.ColorNameForegroundOnPrimary:
		return color.NRGBA{0xff, 0xff, 0xff, 0xff}
	// Lines and ink in the program's colour must stand out instead.
	case n == theme.ColorNameHyperlink && light:
		return color.NRGBA{0x1f, 0x6f, 0x8b, 0xff}
	case n == theme.ColorNameFocus && light: // laid over what has the focus
		return color.NRGBA{0x1f, 0x6f, 0x8b, 0x14}
	case n == theme.ColorNameHyperlink:
		return color.NRGBA{0x5b, 0xb3, 0xcc, 0xff}
	case n == theme.ColorNameDisabled && light: // also the ink of captions: it must be legible
		return color.NRGBA{0x6a, 0x72, 0x79, 0xff}
	case n == theme.ColorNameDisabled:
		return color.NRGBA{0x93, 0x9b, 0xa3, 0xff}
	// Fyne's red, orange and green are for grounds; as ink they are too pale.
	case n == theme.ColorNameError && light:
		return color.NRGBA{0xb3, 0x26, 0x1e, 0xff}
	case n == theme.ColorNameError:
		return color.NRGBA{0xff, 0x8a, 0x80, 0xff}
	case n == theme.ColorNameWarning && light:
		return color.NRGBA{0x8a, 0x55, 0x00, 0xff}
	case n == theme.ColorNameWarning:
		return color.NRGBA{0xff, 0xb7, 0x4d, 0xff}
	case n == theme.ColorNameSuccess && light:
		return color.NRGBA{0x2e, 0x7d, 0x32, 0xff}
	case n == theme.ColorNameForegroundOnError && !light, n == theme.ColorNameForegroundOnWarning && !light:
		return color.NRGBA{0x20, 0x10, 0x08, 0xff}
	case n == theme.ColorNameForegroundOnError, n == theme.ColorNameForegroundOnWarning, n == theme.ColorNameForegroundOnSuccess && light:
		return color.NRGBA{0xff, 0xff, 0xff, 0xff}
	case n == theme.ColorNameSelection && light:
		return color.NRGBA{0x1f, 0x6f, 0x8b, 0x33}
	case n == theme.ColorNameSelection:
		return color.NRGBA{0x5b, 0xb3, 0xcc, 0x40}
	}
	return t.Theme.Color(n, v)
}

// Size makes captions legible and text a little smaller than Fyne's.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return 11.5
	}
	return t.Theme.Size(n)
}
