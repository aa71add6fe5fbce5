package tree

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The bounds of what people type, in characters (Unicode code points after
// normalising to NFC).
const (
	MaxName        = 255
	MaxDescription = 10000
)

// forbidden are the characters that no name has: what file systems refuse, so
// that a node's name can be that of a file, and "/" parts a path.
const forbidden = `<>:"/\|?*`

// CleanName returns name as it is kept: in NFC, without white space around it.
// The error is a *NameError.
//
// A name may end in a dot, since names of places do ("Washington D.C.");
// whoever makes a file of it on Windows takes care of that, and of CON and NUL.
func CleanName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", &NameError{Field: "name", Text: strings.ToValidUTF8(name, "�"), Problem: "is not valid UTF-8"}
	}
	clean := strings.TrimSpace(norm.NFC.String(name))
	refuse := func(problem string) (string, error) {
		return "", &NameError{Field: "name", Text: clean, Problem: problem}
	}
	switch n := utf8.RuneCountInString(clean); {
	case n == 0:
		return refuse("is empty; give 1 to 255 characters")
	case n > MaxName:
		return refuse(fmt.Sprintf("has %d characters; the most is %d", n, MaxName))
	case clean == "." || clean == "..":
		return refuse("means a folder to every file system; choose another")
	}
	for _, r := range clean {
		if strings.ContainsRune(forbidden, r) {
			return refuse(fmt.Sprintf("holds %q; none of %s may be in it", r, strings.Join(strings.Split(forbidden, ""), " ")))
		}
		if isControl(r) {
			return refuse(fmt.Sprintf("holds the control character %U; leave it out", r))
		}
	}
	return clean, nil
}

// isControl tells characters that have no shape of their own and change how
// the rest of a line is drawn. Joiners are none of them: Persian and Indic
// names need theirs.
func isControl(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) && r != '\u200e' && r != '\u200f' || r == '\ufeff'
}

// CleanDescription returns text as it is kept: in NFC, without white space
// around it. The error is a *NameError.
func CleanDescription(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", &NameError{Field: "description", Text: strings.ToValidUTF8(text, "�"), Problem: "is not valid UTF-8"}
	}
	clean := strings.TrimSpace(norm.NFC.String(text))
	if n := utf8.RuneCountInString(clean); n > MaxDescription {
		return "", &NameError{Field: "description", Text: clean, Problem: fmt.Sprintf("has %d characters; the most is %d", n, MaxDescription)}
	}
	return clean, nil
}

// FreeName returns name if it is not taken, and else the first of "name (2)",
// "name (3)" … that is not; "name (2)" itself counts on from there. It is cut
// where it would become longer than MaxName. taken is asked for whole names.
func FreeName(name string, taken func(name string) (bool, error)) (string, error) {
	is, err := taken(name)
	if err != nil || !is {
		return name, err
	}
	base, n := numbered(name)
	for n++; ; n++ {
		suffix := fmt.Sprintf(" (%d)", n)
		next := shorten(base, MaxName-len(suffix)) + suffix
		if is, err = taken(next); err != nil || !is {
			return next, err
		}
	}
}

// numbered splits "name (2)" into "name" and 2; a name without number has 1.
func numbered(name string) (base string, n int) {
	const most = 1 << 20 // a greater number is part of the name
	open := strings.LastIndex(name, " (")
	if open <= 0 || !strings.HasSuffix(name, ")") {
		return name, 1
	}
	digits := name[open+2 : len(name)-1]
	for _, d := range digits {
		if d < '0' || d > '9' || n > most {
			return name, 1
		}
		n = n*10 + int(d-'0')
	}
	if n < 2 || n > most || digits[0] == '0' {
		return name, 1
	}
	return name[:open], n
}

// shorten cuts name to at most n characters, without white space at its end.
func shorten(name string, n int) string {
	if r := []rune(name); len(r) > n {
		return strings.TrimRightFunc(string(r[:n]), unicode.IsSpace)
	}
	return name
}
