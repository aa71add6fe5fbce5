package shape

import (
	"fmt"
	"strconv"
	"strings"
)

// The words for selections of a kind.
const (
	textEverything = "everything"
	textNothing    = "nothing"
)

// maxSelection bounds a selection's text, in bytes: every country there is,
// with every level, takes a tenth of it.
const maxSelection = 64 << 10

// String writes s as ParseSelection reads it, countries ascending.
func (s Selection) String() string {
	s = s.Canonical()
	switch {
	case s.Everything():
		return textEverything
	case s.Empty():
		return textNothing
	}
	parts := make([]string, 0, len(s))
	for _, iso3 := range s.Countries() {
		parts = append(parts, iso3+levelsText(setOf(s[iso3])))
	}
	return strings.Join(parts, ",")
}

// levelsText writes ":0-1+4"; nothing if all levels are wanted.
func levelsText(set levelSet) string {
	if set == everyLevel {
		return ""
	}
	var parts []string
	for from := 0; from < Levels; from++ {
		to := from
		for to < Levels && set&(1<<to) != 0 {
			to++
		}
		switch to - from {
		case 0:
			continue
		case 1:
			parts = append(parts, strconv.Itoa(from))
		default:
			parts = append(parts, fmt.Sprintf("%d-%d", from, to-1))
		}
		from = to
	}
	return ":" + strings.Join(parts, "+")
}

// ParseSelection reads a selection as a command line writes it:
//
//	selection = "everything" | "nothing" | country { "," country }
//	country   = ( ISO3 | "*" ) [ ":" levels ]        without levels: all of them
//	levels    = "*" | range { "+" range }
//	range     = level [ "-" level ]                  0 … 5
//
// "JPN:0-1,ITA,*:0" is levels 0 and 1 of Japan, all levels of Italy, and level
// 0 of every country. A country may stand twice; lower case and blanks are
// taken. The empty text is everything. The result is canonical.
func ParseSelection(text string) (Selection, error) {
	if len(text) > maxSelection {
		return nil, fmt.Errorf("read selection: %d bytes, more than %d", len(text), maxSelection)
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", textEverything:
		return nil, nil
	case textNothing:
		return Nothing(), nil
	}
	sets := map[string]levelSet{}
	at := 0
	for item := range strings.SplitSeq(text, ",") {
		iso3, set, err := parseCountry(strings.TrimSpace(item))
		if err != nil {
			return nil, fmt.Errorf("read selection: %q at byte %d: %w", item, at, err)
		}
		sets[iso3] |= set
		at += len(item) + 1
	}
	return fromSets(sets, sets[All]), nil
}

func parseCountry(item string) (string, levelSet, error) {
	code, levels, found := strings.Cut(item, ":")
	iso3 := strings.ToUpper(strings.TrimSpace(code))
	if iso3 != All && !isISO3(iso3) {
		return "", 0, fmt.Errorf("a country is three letters (ISO 3166 alpha-3), or * for all")
	}
	if levels = strings.TrimSpace(levels); !found || levels == All {
		return iso3, everyLevel, nil
	}
	var set levelSet
	for part := range strings.SplitSeq(levels, "+") {
		more, err := parseRange(part)
		if err != nil {
			return "", 0, err
		}
		set |= more
	}
	return iso3, set, nil
}

func parseRange(text string) (levelSet, error) {
	first, last, found := strings.Cut(text, "-")
	if !found {
		last = first
	}
	from, errFrom := parseByte(strings.TrimSpace(first))
	to, errTo := parseByte(strings.TrimSpace(last))
	if errFrom != nil || errTo != nil || from > to || to > MaxLevel {
		return 0, fmt.Errorf("levels are 0 to %d, such as 1, 0-2 or 0+2", MaxLevel)
	}
	return everyLevel >> (MaxLevel - to) &^ (1<<from - 1), nil
}
