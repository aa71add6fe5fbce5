package tree

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns name as siblings are told apart: in NFC and without case, as a
// user of Windows or macOS expects it of files, so that "Italy" and "ITALY" do
// not stand side by side but "Sao" and "São" may. Case is folded in full
// ("ß" is "ss"), which takes for equal all that a file system may.
func Fold(name string) string {
	if isASCII(name) {
		return strings.ToLower(name)
	}
	// Canonical caseless matching (Unicode 3.13, D145): marks are taken apart
	// first, since the folding of a letter may depend on where they are.
	return norm.NFC.String(caseless(norm.NFD.String(name)))
}

// caseless folds case in full. The library's table swaps the cases of Cherokee
// where Unicode (CaseFolding.txt) folds both to the capitals.
func caseless(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xAB70 && r <= 0xABBF:
			return r - 0xAB70 + 0x13A0
		case r >= 0x13F8 && r <= 0x13FD:
			return r - 8
		}
		return r
	}, cases.Fold().String(s))
}

// Plain returns name as it is sorted and searched: as Fold does, and further
// without accents and without difference of width and form, so that "sao"
// finds "São" and "lodz" finds "Łódź". Names that Fold makes equal, Plain does.
func Plain(name string) string {
	folded := Fold(name)
	if isASCII(folded) {
		return folded
	}
	var b strings.Builder
	b.Grow(len(folded))
	for _, r := range norm.NFKD.String(folded) {
		if isAccent(r) {
			continue
		}
		if s := letter(r); s != "" {
			b.WriteString(s)
			continue
		}
		b.WriteRune(r)
	}
	// Compatibility forms may bring capitals again ("℡" is "TEL").
	return norm.NFC.String(caseless(b.String()))
}

// isAccent tells marks that belong to no script: those of Latin, Greek and
// Cyrillic letters and Arabic vowels. Vowels of Indic scripts are not among
// them, and the marks that part カ from ガ and ハ from パ are kept.
func isAccent(r rune) bool {
	return r >= 0x300 && unicode.Is(unicode.Mn, r) && unicode.Is(unicode.Inherited, r) && r != '\u3099' && r != '\u309a'
}

// letter returns what stands on a plain keyboard for letters that Unicode does
// not take apart, and for marks of punctuation in names; "" for all others.
func letter(r rune) string {
	switch r {
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ŧ':
		return "t"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ə', 'ǝ':
		return "e"
	case '‘', '’', 'ʻ', 'ʼ', 'ʹ', '′', '`', '´':
		return "'"
	case '‐', '‑', '‒', '–', '—', '−':
		return "-"
	}
	return ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// sortKey returns what orders names as people count: "Level 2" before "Level
// 10". A run of digits is written as its length and its value, so that bytes
// compare as numbers.
func sortKey(plain string) string {
	var b strings.Builder
	for i := 0; i < len(plain); {
		j := i
		for j < len(plain) && plain[j] >= '0' && plain[j] <= '9' {
			j++
		}
		if j == i {
			b.WriteByte(plain[i])
			i++
			continue
		}
		digits := strings.TrimLeft(plain[i:j-1], "0") + plain[j-1:j] // at least one
		b.WriteByte('0')                                             // digits stand where they stood
		b.WriteString(runLength(len(digits)))
		b.WriteString(digits)
		i = j
	}
	return b.String()
}

// runLength writes the length of a run of digits so that greater ones come
// later: a byte for each 254, and then the rest.
func runLength(n int) string {
	const most = 0xFE
	return strings.Repeat("\xFF", n/most) + string([]byte{byte(n%most + 1)})
}
