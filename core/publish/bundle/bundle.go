// Package bundle packs subtrees of nodes with their settings, and if wanted
// their tiles, into one zip archive, and reads such archives, which may come
// from anywhere. It neither reads nor changes the tree itself.
//
// The archive holds, in this order:
//
//	manifest.json       what the nodes are, see Manifest
//	recipe/<node>.json  the settings of each shape, see recipe.go
//	tiles/<node>.db     tilesets, as the program keeps them; optional
//
// Other entries are ignored. The same content gives the same bytes.
package bundle

import (
	"errors"
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// Format and Version say what an archive is; they stand in its manifest.
const (
	Format  = "shapes-desktop bundle"
	Version = 1
)

// Extension of archives, with its dot. They are zip files.
const Extension = ".shapes.zip"

// Errors that callers tell apart with errors.Is.
var (
	// ErrFormat: the file is none of ours.
	ErrFormat = errors.New("it is no bundle of Shapes Desktop")
	// ErrNewer: a later version of the program made it.
	ErrNewer = errors.New("a newer version of Shapes Desktop made it; update this one to read it")
	// ErrDamaged: it is not as it was made.
	ErrDamaged = errors.New("the bundle is damaged; nothing was imported")
	// ErrLimit: it is larger than anything that could be meant.
	ErrLimit = errors.New("the bundle is over a limit; nothing was imported")
	// ErrNoTiles: it holds no tiles of the node.
	ErrNoTiles = errors.New("the bundle holds no tiles of the node")
)

// Manifest is what an archive holds.
type Manifest struct {
	Generator string    // program and version, for people
	Created   time.Time // to the second
	// Nodes, each after the folder it lies in.
	Nodes []Node
}

// Node is a node of the subtrees.
type Node struct {
	// ID is unique in the archive: 1 to 64 letters, digits and hyphens.
	ID     string
	Parent string // the ID of a folder before it; "" at the top of the archive
	Type   tree.Type
	Name   string // as tree.CleanName returns it, unique among siblings
	// Description as tree.CleanDescription returns it.
	Description string
	Created     time.Time
	Updated     time.Time
	// Shape holds the settings of a shape, nil of a folder. Which node they are
	// of, their times and version, their template (its Config is here), the
	// source files' records and the session are not in the archive.
	Shape *shape.Shape
	// Tiles: the archive holds its tileset.
	Tiles bool
}
