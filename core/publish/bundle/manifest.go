package bundle

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// The entries of an archive.
const (
	manifestEntry = "manifest.json"
	recipeFolder  = "recipe/"
	tilesFolder   = "tiles/"
)

func recipeEntry(id string) string { return recipeFolder + id + ".json" }
func tilesEntry(id string) string  { return tilesFolder + id + ".db" }

type manifest struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	Generator string         `json:"generator"`
	Created   time.Time      `json:"created"`
	Nodes     []manifestNode `json:"nodes"`
}

type manifestNode struct {
	ID          string    `json:"id"`
	Parent      string    `json:"parent,omitempty"`
	Type        string    `json:"type"` // "folder" or "shape"
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"`
	Tiles       bool      `json:"tiles,omitzero"`
}

// encode writes v as JSON that people can read.
func encode(v any) ([]byte, error) {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	return append(data, '\n'), err
}

// decode reads JSON strictly: a field that is not known is a mistake, since
// later versions of the format say so in the manifest.
func decode(data []byte, v any) error {
	return json.Unmarshal(data, v, json.RejectUnknownMembers(true))
}

// head reads what every version of the format has.
func head(data []byte) error {
	var h struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &h); err != nil {
		return fmt.Errorf("%s: %w: %w", manifestEntry, ErrDamaged, err)
	}
	switch {
	case h.Format != Format:
		return fmt.Errorf("%s: %w", manifestEntry, ErrFormat)
	case h.Version > Version:
		return fmt.Errorf("%w (its format is %d, this one knows %d)", ErrNewer, h.Version, Version)
	case h.Version < 1:
		return fmt.Errorf("%s: %w: version %d", manifestEntry, ErrDamaged, h.Version)
	}
	return nil
}

// check returns why nodes cannot be in an archive; writer and reader share it.
func check(nodes []Node) error {
	depths, names, seen := map[string]int{"": 0}, map[string]bool{}, map[string]bool{}
	for i := range nodes {
		n := &nodes[i]
		fail := func(format string, args ...any) error {
			return fmt.Errorf("node %d (%q): "+format, append([]any{i + 1, cut(n.Name)}, args...)...)
		}
		if !isID(n.ID) {
			return fail("its id %q is not 1 to %d letters, digits and hyphens", cut(n.ID), maxID)
		}
		if seen[n.ID] {
			return fail("another node has its id %q", n.ID)
		}
		seen[n.ID] = true
		depth, ok := depths[n.Parent]
		switch clean, err := tree.CleanName(n.Name); {
		case !ok:
			return fail("its parent %q is no folder that comes before it", cut(n.Parent))
		case depth >= tree.MaxDepth:
			return fail("folders are nested deeper than %d", tree.MaxDepth)
		case err != nil:
			return fail("%w", err)
		case clean != n.Name:
			return fail("its name has white space around it or is not in NFC")
		}
		if clean, err := tree.CleanDescription(n.Description); err != nil {
			return fail("%w", err)
		} else if clean != n.Description {
			return fail("its description has white space around it or is not in NFC")
		}
		if !isTime(n.Created) || !isTime(n.Updated) {
			return fail("the year of a time is not one of 0 to 9999")
		}
		spot := n.Parent + "/" + tree.Fold(n.Name) // names have no slash
		if names[spot] {
			return fail("another node in its folder has its name")
		}
		names[spot] = true
		switch {
		case n.Type == tree.Folder && !n.Tiles:
			depths[n.ID] = depth + 1
		case n.Type == tree.Folder:
			return fail("a folder has no tiles")
		case n.Type != tree.Shape:
			return fail("its type %q is neither %q nor %q", cut(string(n.Type)), tree.Folder, tree.Shape)
		}
	}
	return nil
}

// isTime reports whether a moment can be written: the zone of what was read
// may have led it out of the years that have four digits.
func isTime(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 0 && year <= 9999
}

const maxID = 64

func isID(id string) bool {
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return len(id) > 0 && len(id) <= maxID
}

// cut shortens what an archive says for a message.
func cut(s string) string {
	const most = 60
	if r := []rune(strings.ToValidUTF8(s, "�")); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
