package kit

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"no tiles were made":            "No tiles were made.",
		"read: the file is damaged;":    "Read: the file is damaged;.",
		"world.geojson cannot be read.": "world.geojson cannot be read.",
		"geoBoundaries does not answer": "geoBoundaries does not answer.",
		"“Italy” is being edited":       "“Italy” is being edited.",
		"The disk is full!":             "The disk is full!",
		"日本 is not there":               "日本 is not there.",
		"éa va":                         "Éa va.",
	} {
		if got := Sentence(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestSentenceOfASentenceIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Sentence(rapid.String().Draw(t, "text"))
		if twice := Sentence(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}
