// Package fonts holds the faces that labels of the map and the window are
// drawn with: subsets of Noto Sans for every script of the sample's names, and
// a Japanese face with kana and the kanji of JIS X 0208 level 1. The layout
// tables are kept, so that Arabic, Indic and Khmer text shapes right.
// tools/fonts/subset.py makes them; OFL.txt is their licence.
package fonts

import (
	"embed"
	"fmt"
)

//go:embed *.ttf *.otf OFL.txt
var files embed.FS

// order is the order of fallback: a character is drawn with the first face
// that has it. The Japanese face is last because it has Latin of its own.
var order = [...]string{
	"latin.ttf", "arabic.ttf", "hebrew.ttf", "armenian.ttf", "georgian.ttf",
	"devanagari.ttf", "bengali.ttf", "tamil.ttf", "sinhala.ttf",
	"thai.ttf", "lao.ttf", "khmer.ttf", "myanmar.ttf",
	"ethiopic.ttf", "thaana.ttf", "tifinagh.ttf", "tibetan.ttf",
	japanese,
}

const japanese = "japanese.otf"

// Face is one font file, TrueType or OpenType.
type Face struct {
	Name string // the file's name, such as "latin.ttf"
	Data []byte // owned by the caller
}

// Faces returns all faces in the order of fallback. It copies 3 MB: call it
// once and keep the parsed result.
func Faces() []Face {
	faces := make([]Face, 0, len(order))
	for _, name := range order {
		faces = append(faces, read(name))
	}
	return faces
}

// Japanese returns the face that has Latin, kana and kanji, for a window in
// Japanese that can take one font only. The data is a copy.
func Japanese() Face { return read(japanese) }

// License returns the text of the SIL Open Font License and the copyright
// notices that go with the faces.
func License() string { return string(read("OFL.txt").Data) }

func read(name string) Face {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("fonts: %s is not embedded", name)) // a defect of ours, found by any test
	}
	return Face{Name: name, Data: data}
}
