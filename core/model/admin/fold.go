package admin

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// name is a name as Search compares it: without what people leave out or write
// in several ways, such as case, accents, width and punctuation.
type name struct {
	words []string
	key   string // the words, run together: "cotedivoire"
	alias bool
}

// sortKey orders names as an index does, word by word.
func (n name) sortKey() string { return strings.Join(n.words, " ") }

// namesOf returns a place's names, the English one first.
func namesOf(c Country) []name {
	names := []name{fold(c.Name), fold(c.Local), fold(c.Japanese)}
	for _, a := range c.Aliases {
		n := fold(a)
		n.alias = true
		names = append(names, n)
	}
	return names
}

// fold reads a name. Folding a folded name changes nothing.
func fold(s string) name {
	var n name
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			// Together again: marks that count, as of kana, and Hangul.
			n.words = append(n.words, norm.NFC.String(word.String()))
			word.Reset()
		}
	}
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r == '&':
			end()
			word.WriteString("and")
			end()
		case dropped(r):
		case parts(r):
			end()
		default:
			word.WriteString(plain(unicode.ToLower(r)))
		}
	}
	end()
	n.key = strings.Join(n.words, "")
	return n
}

// dropped tells which marks a reader may leave out: accents of Latin, Greek
// and Cyrillic, vowel points of Hebrew and Arabic. Marks of other scripts are
// as good as letters.
func dropped(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F: // combining diacritical marks
	case r >= 0x0591 && r <= 0x05C7: // Hebrew points
	case r >= 0x064B && r <= 0x065F, r == 0x0640, r == 0x0670: // Arabic points, tatweel
	case unicode.Is(unicode.Cf, r): // joiners, marks of direction
	default:
		return false
	}
	return true
}

// parts tells what stands between words: all but letters, digits and marks.
// The Hawaiian and Uzbek turned commas are letters to Unicode, apostrophes to
// people.
func parts(r rune) bool {
	if r >= 0x02B9 && r <= 0x02BF {
		return true
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
}

// plain returns a small letter as people type who do not have it.
func plain(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ə':
		return "e"
	case 'ς':
		return "σ"
	case 'ی', 'ى': // Persian and final forms of the Arabic letter
		return "ي"
	case 'ک':
		return "ك"
	case 'ة':
		return "ه"
	}
	if r >= 'ァ' && r <= 'ヶ' {
		return string(r - 'ァ' + 'ぁ') // katakana as hiragana
	}
	return string(r)
}
