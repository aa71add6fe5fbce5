package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence writes what an error says as a sentence: with a capital, and with a
// mark at its end. A first word that is not plain, such as the name of a file,
// stays as it is.
func Sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	word, _, _ := strings.Cut(s, " ")
	if plain(strings.TrimRight(word, ":,;.")) {
		first, n := utf8.DecodeRuneInString(s)
		s = string(unicode.ToUpper(first)) + s[n:]
	}
	if last, _ := utf8.DecodeLastRuneInString(s); !strings.ContainsRune(".!?…", last) {
		s += "."
	}
	return s
}

// plain tells a word of small letters, with a hyphen at most.
func plain(word string) bool {
	for _, r := range word {
		if !unicode.IsLower(r) && r != '-' {
			return false
		}
	}
	return word != ""
}
