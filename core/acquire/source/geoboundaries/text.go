package geoboundaries

import (
	"html"
	"slices"
	"strings"
	"unicode"
)

// clean makes s fit to be read in a line: valid, without control characters and
// marks of direction, and with single spaces.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u200e' || r == '\u200f' || r == unicode.ReplacementChar:
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// present returns s, or "" if it only stands for nothing. Case counts: "Nan" is
// a province of Thailand. "None" is a place in Italy, so that it stands for
// nothing only where a code is expected.
func present(s string) string {
	nothing := []string{"-99", "NA", "nan", "NaN", "N/A", "null", "<Null>"}
	if slices.Contains(nothing, s) || strings.Contains(s, "~") {
		return ""
	}
	return s
}

// maxText bounds a text of a record, in letters; the longest is of 270.
const maxText = 1000

// cut returns the beginning of s if it is too long to be meant.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	if letters := []rune(s); len(letters) > maxText {
		return strings.TrimSpace(string(letters[:maxText-1])) + "…"
	}
	return s
}

// unescape undoes HTML in a text that should have none ("&amp;").
func unescape(s string) string { return clean(html.UnescapeString(s)) }
