package shapeform

import (
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// stepWord names a step of the form.
func stepWord(s shape.Step) string {
	switch s {
	case shape.StepName:
		return "Name"
	case shape.StepSource:
		return "Source"
	case shape.StepLicense:
		return "Licence"
	case shape.StepProcessing:
		return "Processing"
	case shape.StepSelection:
		return "Countries and levels"
	}
	return ""
}

// stepHelp says what a step is for.
func stepHelp(s shape.Step) string {
	switch s {
	case shape.StepName:
		return "What the shape is called in the tree, and in the tiles that are made of it."
	case shape.StepSource:
		return "Where the boundaries come from."
	case shape.StepLicense:
		return "What the source asks of those who use it."
	case shape.StepProcessing:
		return "How the boundaries become tiles. The defaults suit most maps."
	case shape.StepSelection:
		return "Which boundaries are wanted."
	}
	return ""
}

// setting is a field of the processing step in words people know. Its range
// and its choices are those of the model.
type setting struct {
	name    string // as the model calls it
	label   string
	help    string
	folded  bool              // among the details
	choices map[string]string // what people see for a choice of the model
}

// settings are the fields that can be changed, in the order of the form. What
// must stay at its default for now is not shown.
func settings() []setting {
	const asSuits = "0: as many as suit this computer"
	return []setting{
		{name: "vectorTiles.maxzoom", label: "Deepest zoom", help: "Maps draw deeper zooms from it. Automatic goes as deep as the data has detail."},
		{name: "simplify2.tolerance", label: "Tolerance", help: "How far a border may move at each zoom; 16 are a pixel of a 256-pixel tile. Neighbours never part."},
		{name: "vectorTiles.buffer", label: "Margin", help: "What a tile shows beyond its edge, so that outlines are not cut; 80 suit lines up to 5 pixels."},
		{name: "simplify1.algorithm", label: "Simplify by", help: "Which points of a border matter most.", choices: map[string]string{
			string(shape.DouglasPeucker): "Distance (Douglas–Peucker): stays close to the border",
			string(shape.Visvalingam):    "Area (Visvalingam): smoother outlines",
		}},
		{name: "vectorTiles.small", label: "Small units", help: "What becomes of islands and districts too small for a zoom.", choices: map[string]string{
			shape.SmallFit:  "Draw them where they touch no other unit",
			shape.SmallKeep: "Draw them always, also over others",
			shape.SmallDrop: "Leave out what is smaller than a limit",
		}},
		{name: "simplify1.minArea", label: "Smallest area", help: "Units with less are left out at each zoom, and counted; 256 are a pixel of a 256-pixel tile."},
		{name: "vectorTiles.minzoom", label: "First zoom", help: "The zoom at which the tiles begin.", folded: true},
		{name: "vectorTiles.tileCountThresholdForZoomStop", label: "Most tiles", help: "A run that would make more stops and says so.", folded: true},
		{name: "simplify1.maxVertices", label: "Most points", help: "Data with more is refused. 0: what the memory allows.", folded: true},
		{name: "simplify1.concurrency", label: "Workers for borders", help: asSuits, folded: true},
		{name: "simplify2.concurrency", label: "Workers for zooms", help: asSuits, folded: true},
		{name: "vectorTiles.concurrency", label: "Workers for tiles", help: asSuits, folded: true},
		{name: "keepIntermediates", label: "Keep what steps leave", help: "Keeps the data between the steps after a run, to look into. It takes room on the disk.", folded: true},
	}
}

// fieldWord names a field of the model, such as "files[0]", for people.
func fieldWord(name string) string {
	base, rest := name, ""
	if i := strings.IndexByte(name, '['); i > 0 {
		base, rest = name[:i], name[i:]
	}
	for _, s := range settings() {
		if s.name == base {
			return s.label
		}
	}
	switch base {
	case "name":
		return "Name"
	case "description":
		return "Description"
	case "metadata.title":
		return "Title"
	case "metadata.attribution":
		return "Attribution"
	case "source":
		return "Source"
	case "variant":
		return "Edition"
	case "files":
		if n, err := strconv.Atoi(strings.Trim(rest, "[]")); err == nil {
			return "File " + strconv.Itoa(n+1)
		}
		return "Files"
	case "license":
		return "Licence"
	case "selection":
		return "Countries and levels"
	}
	if iso3, ok := strings.CutPrefix(base, "selection."); ok {
		return "Country " + iso3
	}
	return name
}

// plain puts the names of fields in a message in words people know.
func plain(why string) string {
	why = strings.ReplaceAll(why, "vectorTiles.small=drop", "“Small units” to be left out")
	for _, s := range settings() {
		why = strings.ReplaceAll(why, s.name, "“"+s.label+"”")
	}
	return why
}

// valueWord writes a field's value for people.
func valueWord(name, value string) string {
	for _, s := range settings() {
		if s.name == name && s.choices[value] != "" {
			return s.choices[value]
		}
	}
	switch {
	case name == "vectorTiles.maxzoom" && value == strconv.Itoa(shape.ProposedZoom):
		return automatic
	case name == "source" && value == string(shape.Sample):
		return "the bundled world"
	case name == "source" && value == string(shape.Local):
		return "files of your own"
	case value == "true":
		return "yes"
	case value == "false":
		return "no"
	case value == "":
		return "(empty)"
	}
	return value
}

// automatic is the word for shape.ProposedZoom.
const automatic = "Automatic"

// levelWords name the levels that the bundled world has.
func levelWords() []string { return []string{"Countries", "States, provinces"} }
