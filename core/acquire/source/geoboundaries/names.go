package geoboundaries

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// names returns the name of a unit as people read it and, where it is certain,
// the part of it in the local script: "Province de Khémisset إقليم الخميسات" is
// both. A name in capitals only is written as others are. country is the
// program's code.
func names(s, country string) (name, local string) {
	if s == "None" && country != "ITA" { // a place near Turin
		return "", ""
	}
	if latin, other, ok := splitScripts(s); ok {
		return uncapital(latin, country), other
	}
	name = uncapital(s, country)
	if !strings.ContainsFunc(s, isLatin) && strings.ContainsFunc(s, unicode.IsLetter) {
		return name, name
	}
	return name, ""
}

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

func isOther(r rune) bool { return unicode.IsLetter(r) && !isLatin(r) }

// splitScripts parts a name that is said twice, in Latin letters and in others.
// It is certain only if all of one comes before all of the other, and both are
// long enough to be names: the Latin letters of "Район II" are none.
func splitScripts(s string) (latin, other string, ok bool) {
	firstLatin, lastLatin := strings.IndexFunc(s, isLatin), strings.LastIndexFunc(s, isLatin)
	firstOther, lastOther := strings.IndexFunc(s, isOther), strings.LastIndexFunc(s, isOther)
	switch {
	case firstLatin < 0 || firstOther < 0:
		return "", "", false
	case lastLatin < firstOther:
		at := boundary(s, lastLatin, firstOther)
		latin, other = s[:at], s[at:]
	case lastOther < firstLatin:
		at := boundary(s, lastOther, firstLatin)
		other, latin = s[:at], s[at:]
	default:
		return "", "", false
	}
	latin, other = trimPart(latin), trimPart(other)
	return latin, other, isName(latin) && countLetters(other) >= 2
}

// boundary is where the second part begins: after the space behind the letter
// at last, so that what hangs on that letter, and digits after it, stay with
// it; -1 is never returned. Without a space the parts touch, and what is
// between belongs to neither.
func boundary(s string, last, next int) int {
	_, size := utf8.DecodeRuneInString(s[last:])
	if space := strings.IndexAny(s[last:next], " (/|،,"); space >= 0 {
		return last + space
	}
	return last + size
}

// trimPart removes what stood between the parts, and brackets around one.
func trimPart(s string) string {
	s = strings.Trim(s, " -–—/|,،;:")
	if strings.Count(s, "(") != strings.Count(s, ")") || strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = strings.Trim(s, "()")
	}
	return strings.TrimSpace(s)
}

// isName reports whether Latin letters are more than a number or a sign.
func isName(s string) bool {
	return countLetters(s) >= 3 && strings.Trim(s, "IVXLCDM .-") != ""
}

func countLetters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// uncapital writes a name in capitals as others are: "RIO GRANDE DO SUL" is
// "Rio Grande do Sul". Short names may be abbreviations, and stay; so does what
// has letters of a script without capitals.
func uncapital(s, country string) string {
	if countLetters(s) < 4 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) }) {
		return s
	}
	var b strings.Builder
	for first := true; s != ""; first = false {
		end := strings.IndexAny(s, " -")
		if end < 0 {
			end = len(s)
		}
		b.WriteString(uncapitalWord(s[:end], country, first))
		if end < len(s) {
			b.WriteByte(s[end])
			end++
		}
		s = s[end:]
	}
	return b.String()
}

// uncapitalWord keeps Roman numbers and what has no vowel ("NCT"), and writes
// the little words of several languages small but at the beginning.
func uncapitalWord(word, country string, first bool) string {
	small := lower(word, country)
	switch {
	case !first && isLittle(small):
		return small
	case isRoman(word) || countLetters(word) <= 4 && !strings.ContainsAny(word, "AEIOUYÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÃÕÅÆØİ") && strings.ContainsFunc(word, isLatin):
		return word
	}
	begins := first || !strings.HasPrefix(small, "d'") && !strings.HasPrefix(small, "d’") // "Valle d'Aosta"
	var b strings.Builder
	for i, r := range word {
		if begins {
			b.WriteRune(unicode.ToTitle(r))
		} else {
			b.WriteString(lower(string(r), country))
		}
		// After an apostrophe too, if a single letter is before it: "L'Oriental".
		begins = strings.ContainsRune("(/.", r) || strings.ContainsRune("'’", r) && i <= 2
	}
	return b.String()
}

// lower is strings.ToLower, but for the dotless letter of Turkish.
func lower(s, country string) string {
	if country == "TUR" || country == "AZE" {
		return strings.ToLowerSpecial(unicode.TurkishCase, s)
	}
	return strings.ToLower(s)
}

func isLittle(s string) bool {
	switch s {
	case "of", "and", "the", "de", "del", "des", "du", "da", "das", "do", "dos", "di", "e", "et", "y", "la", "las", "le", "les", "los", "van", "von", "und", "og", "i":
		return true
	}
	return false
}

// isRoman reports a Roman number, of such as parts of countries have.
func isRoman(s string) bool {
	return s != "" && len(s) <= 5 && strings.Trim(s, "IVX") == ""
}
